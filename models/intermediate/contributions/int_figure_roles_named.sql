-- What an operator takes from which series: the figure of the same year (lag 0), of the
-- year before (1), or of all years up to then (NULL). The land area is no series; it
-- goes by the name of its column in dim_regions.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where is_computed
),

operator_roles as (
    select
        listed.operator,
        listed.role,
        listed.part,
        listed.lag_years
    from (
        values
        ('identity', 'numerator', 'a', 0),
        ('ratio', 'numerator', 'a', 0),
        ('ratio', 'denominator', 'b', 0),
        ('per_area', 'numerator', 'a', 0),
        ('per_area', 'land_area', 'land_area_10k_km2', 0),
        ('growth_pct', 'numerator', 'a', 0),
        ('growth_pct', 'numerator_year_before', 'a', 1),
        ('location_quotient', 'numerator', 'a', 0),
        ('location_quotient', 'denominator', 'b', 0),
        ('location_quotient', 'numerator_country_total', 'a', 0),
        ('location_quotient', 'denominator_country_total', 'b', 0),
        ('perpetual_inventory', 'investment', 'a', null),
        ('perpetual_inventory', 'price_index', 'b', null)
    ) as listed (operator, role, part, lag_years)
),

named as (
    select
        indicators.study_id,
        indicators.indicator_id,
        operator_roles.role,
        indicators.numerator_series_id,
        indicators.denominator_series_id,
        case operator_roles.part
            when 'a' then indicators.numerator_series_id
            when 'b' then indicators.denominator_series_id
            else operator_roles.part
        end as series_id,
        cast(operator_roles.lag_years as int) as lag_years
    from indicators
    inner join operator_roles on indicators.operator = operator_roles.operator
),

final as (
    select
        study_id,
        indicator_id,
        role,
        series_id,
        lag_years,
        numerator_series_id,
        denominator_series_id
    from named
    where series_id is not null
)

select * from final
