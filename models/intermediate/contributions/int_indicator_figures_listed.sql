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

sources as (
    select * from {{ ref('stg_reference__sources') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

country_totals as (
    select * from {{ ref('int_country_totals_summed') }}
),

needed as (
    select
        derived.study_id,
        derived.indicator_id,
        derived.region_code,
        derived.year,
        regions.country_code,
        regions.land_area_10k_km2,
        roles.role,
        roles.series_id,
        roles.lag_years,
        roles.numerator_series_id,
        roles.denominator_series_id
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

used as (
    select
        published.study_id,
        published.indicator_id,
        published.region_code,
        published.year,
        published.role,
        published.series_id,
        published.figure_year,
        published.figure
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
            when 'numerator_country_total' then country_totals.numerator_total
            else country_totals.denominator_total
        end as figure
    from needed
    left join country_totals
        on
            needed.country_code = country_totals.country_code
            and needed.numerator_series_id = country_totals.numerator_series_id
            and needed.denominator_series_id = country_totals.denominator_series_id
            and needed.year = country_totals.year
    where
        needed.role
        in ('land_area', 'numerator_country_total', 'denominator_country_total')
),

final as (
    select
        used.study_id,
        used.indicator_id,
        used.region_code,
        used.year,
        used.role,
        used.series_id,
        used.figure_year,
        used.figure,
        sources.source_id,
        sources.quality
    from used
    left join sources on used.series_id = sources.series_id
)

select * from final
