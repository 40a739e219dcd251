-- The normalisation of the method. min_max: the value between the extremes of its
-- scope. goalpost (as the Human Development Index has it): (x - low) / (high - low),
-- for less is better (high - x) / (high - low), cut off at 0 and 1. z_score, rank and
-- vector as standardised. Then its zero rule: exact leaves y, shift maps y to epsilon +
-- (1 - epsilon) y, interval to low + (high - low) y. weight_scope_year is the scope of
-- the weights, scope_year that of the normalisation.
with scaled as (
    select * from {{ ref('int_indicators_scaled') }}
),

standardised as (
    select * from {{ ref('int_indicators_standardised') }}
),

goalposts as (
    select * from {{ ref('stg_studies__goalposts') }}
),

methods as (
    select
        study_methods.study_id,
        methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

chosen as (
    select
        scaled.study_id,
        methods.method_id,
        scaled.system_id,
        scaled.indicator_id,
        scaled.region_code,
        scaled.year,
        scaled.scope_year,
        case methods.weight_scope when 'year' then scaled.year else 0 end
            as weight_scope_year,
        scaled.raw_value,
        scaled.value_origin,
        scaled.quality,
        scaled.quality_note,
        scaled.quality_note_zh,
        methods.zero_rule,
        methods.epsilon,
        methods.interval_low,
        methods.interval_high,
        case
            when scaled.status <> 'computed' then scaled.status
            when
                methods.normalisation = 'vector'
                and scaled.direction = '+'
                and scaled.min_value < 0
                then 'negative_value'
            when methods.normalisation = 'goalpost' and goalposts.low is null
                then 'no_goalpost'
            else 'computed'
        end as status,
        case
            when methods.normalisation = 'min_max' then scaled.scaled_value
            when scaled.scaled_value is null then null
            when methods.normalisation = 'goalpost' and scaled.direction = '+'
                then
                    (scaled.raw_value - goalposts.low)
                    / nullif(goalposts.high - goalposts.low, 0)
            when methods.normalisation = 'goalpost' and scaled.direction = '-'
                then
                    (goalposts.high - scaled.raw_value)
                    / nullif(goalposts.high - goalposts.low, 0)
            else standardised.standardised_value
        end as y
    from scaled
    inner join methods
        on
            scaled.study_id = methods.study_id
            and scaled.normalisation_scope = methods.normalisation_scope
    left join standardised
        on
            scaled.study_id = standardised.study_id
            and methods.normalisation = standardised.normalisation
            and scaled.normalisation_scope = standardised.normalisation_scope
            and scaled.scope_year = standardised.scope_year
            and scaled.indicator_id = standardised.indicator_id
            and scaled.region_code = standardised.region_code
            and scaled.year = standardised.year
    left join goalposts
        on
            methods.normalisation = 'goalpost'
            and methods.goalpost_set_id = goalposts.goalpost_set_id
            and scaled.study_id = goalposts.study_id
            and scaled.indicator_id = goalposts.indicator_id
),

bounded as (
    select
        *,
        case
            when status in ('negative_value', 'no_goalpost') then null
            when y < 0 then 0
            when y > 1 then 1
            else y
        end as bounded_y
    from chosen
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        region_code,
        year,
        scope_year,
        weight_scope_year,
        raw_value,
        value_origin,
        quality,
        quality_note,
        quality_note_zh,
        case zero_rule
            when 'exact' then bounded_y
            when 'shift' then epsilon + (1 - epsilon) * bounded_y
            when 'interval'
                then interval_low + (interval_high - interval_low) * bounded_y
        end as normalised_value,
        status
    from bounded
)

select * from final
