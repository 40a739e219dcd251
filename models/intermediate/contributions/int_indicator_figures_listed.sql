-- The figures behind each derived value. A capital stock rests on the investment of all
-- years up to its own and on their prices, but not on those of years before the first
-- investment, nor on that year's where the index has the previous year = 100.
with derived as (
    select * from {{ ref('int_indicators_derived') }}
),

roles as (
    select * from {{ ref('int_figure_roles_named') }}
),

observations as (
    select * from {{ ref('int_observations') }}
),

series as (
    select * from {{ ref('stg_reference__series') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

reference_totals as (
    select * from {{ ref('int_reference_totals_matched') }}
),

needed as (
    select
        derived.study_id,
        derived.indicator_id,
        derived.region_code,
        derived.year,
        regions.land_area_10k_km2,
        case when regions.row_origin = 'workspace' then 'U' end as land_area_quality,
        roles.role,
        roles.series_id,
        roles.lag_years
    from derived
    inner join roles
        on
            derived.study_id = roles.study_id
            and derived.indicator_id = roles.indicator_id
    inner join regions on derived.region_code = regions.region_code
),

published as (
    select
        needed.study_id,
        needed.indicator_id,
        needed.region_code,
        needed.year,
        needed.role,
        needed.series_id,
        observations.year as figure_year,
        observations.value as figure,
        observations.source_id,
        observations.quality,
        min(case when needed.role = 'investment' then observations.year end) over (
            partition by
                needed.study_id, needed.indicator_id, needed.region_code, needed.year
        ) as first_investment_year
    from needed
    inner join observations
        on
            needed.series_id = observations.series_id
            and needed.region_code = observations.region_code
            and needed.year >= observations.year
            and coalesce(needed.lag_years, needed.year - observations.year)
            = needed.year - observations.year
    where needed.role not in ('numerator_country_total', 'denominator_country_total')
),

final as (
    select
        published.study_id,
        published.indicator_id,
        published.region_code,
        published.year,
        published.role,
        published.series_id,
        published.figure_year,
        published.figure,
        published.source_id,
        cast(null as string) as further_source_id,
        published.quality
    from published
    inner join series on published.series_id = series.series_id
    where
        published.role <> 'price_index'
        or published.figure_year > published.first_investment_year
        or (
            published.figure_year = published.first_investment_year
            and series.unit <> 'previous year = 100'
        )
    union all
    select
        needed.study_id,
        needed.indicator_id,
        needed.region_code,
        needed.year,
        needed.role,
        needed.series_id,
        needed.year as figure_year,
        case needed.role
            when 'land_area' then needed.land_area_10k_km2
            when 'numerator_country_total' then reference_totals.numerator_total
            else reference_totals.denominator_total
        end as figure,
        case needed.role
            when 'numerator_country_total' then reference_totals.numerator_source_id
            when 'denominator_country_total' then reference_totals.denominator_source_id
        end as source_id,
        case needed.role
            when 'numerator_country_total'
                then reference_totals.numerator_further_source_id
            when 'denominator_country_total'
                then reference_totals.denominator_further_source_id
        end as further_source_id,
        case needed.role
            when 'land_area' then needed.land_area_quality
            when 'numerator_country_total' then reference_totals.numerator_quality
            else reference_totals.denominator_quality
        end as quality
    from needed
    left join reference_totals
        on
            needed.study_id = reference_totals.study_id
            and needed.indicator_id = reference_totals.indicator_id
            and needed.region_code = reference_totals.region_code
            and needed.year = reference_totals.year
    where
        needed.role
        in ('land_area', 'numerator_country_total', 'denominator_country_total')
)

select * from final
