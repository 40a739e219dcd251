-- Country totals behind the location quotient: both series summed over all regions of
-- the country in which both are known that year, whatever regions a study has.
with observations as (
    select * from {{ ref('int_observations') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

pairs as (
    select distinct
        numerator_series_id,
        denominator_series_id
    from {{ ref('stg_studies__indicators') }}
    where operator = 'location_quotient' and is_computed
),

final as (
    select
        regions.country_code,
        pairs.numerator_series_id,
        pairs.denominator_series_id,
        numerators.year,
        {{ exact_sum('numerators.value', scale=12) }} as numerator_total,
        {{ exact_sum('denominators.value', scale=12) }} as denominator_total,
        cast(count(*) as int) as region_count
    from pairs
    inner join observations as numerators
        on pairs.numerator_series_id = numerators.series_id
    inner join observations as denominators
        on
            pairs.denominator_series_id = denominators.series_id
            and numerators.region_code = denominators.region_code
            and numerators.year = denominators.year
    inner join regions on numerators.region_code = regions.region_code
    group by
        regions.country_code,
        pairs.numerator_series_id,
        pairs.denominator_series_id,
        numerators.year
)

select * from final
