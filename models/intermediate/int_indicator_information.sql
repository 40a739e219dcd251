-- The information d of each usable indicator in its scope, by the method's weighting.
-- entropy: p = y / sum y, e = -(1 / ln N) sum p ln p, d = 1 - e, with 0 ln 0 = 0.
-- variation: d = sd / mean. critic: d = sd x sum (1 - r). equal: d = 1.
-- given: d as the catalogue has it. A lone usable indicator of a system weighs 1 under
-- every rule: with nothing to conflict with, its conflict counts as 1, and without a
-- given weight, its d.
with normalised as (
    select * from {{ ref('int_indicators_normalised') }}
    where status = 'computed'
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

totals as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        scope_year,
        count(*) as n,
        {{ exact_sum('normalised_value') }} as total
    from normalised
    group by study_id, method_id, system_id, indicator_id, scope_year
),

spread as (
    select
        totals.study_id,
        totals.method_id,
        totals.system_id,
        totals.indicator_id,
        totals.scope_year,
        totals.total / totals.n as mean,
        -{{ exact_sum(
            'normalised.normalised_value / totals.total'
            ~ ' * ln(nullif(normalised.normalised_value / totals.total, 0))'
        ) }} / ln(totals.n) as entropy,
        sqrt({{ exact_sum(
            'power(normalised.normalised_value - totals.total / totals.n, 2)'
        ) }} / (totals.n - 1)) as standard_deviation,
        count(*) over (
            partition by
                totals.study_id, totals.method_id, totals.system_id, totals.scope_year
        ) = 1 as is_alone
    from totals
    inner join normalised
        on
            totals.study_id = normalised.study_id
            and totals.method_id = normalised.method_id
            and totals.indicator_id = normalised.indicator_id
            and totals.scope_year = normalised.scope_year
    group by
        totals.study_id,
        totals.method_id,
        totals.system_id,
        totals.indicator_id,
        totals.scope_year,
        totals.n,
        totals.total
),

conflict as (
    select
        study_id,
        method_id,
        indicator_id,
        scope_year,
        {{ exact_sum('1 - correlation') }} as conflict
    from {{ ref('int_indicator_correlations') }}
    group by study_id, method_id, indicator_id, scope_year
),

ruled as (
    select
        spread.study_id,
        spread.method_id,
        spread.system_id,
        spread.indicator_id,
        spread.scope_year,
        spread.entropy,
        spread.mean,
        spread.standard_deviation,
        case when spread.is_alone then 1 else conflict.conflict end as conflict,
        case methods.weighting
            when 'entropy' then 1 - spread.entropy
            when 'variation' then spread.standard_deviation / spread.mean
            when 'critic'
                then
                    spread.standard_deviation
                    * case
                        when spread.is_alone then 1 else coalesce(conflict.conflict, 0)
                    end
            when 'equal' then 1
            when 'given'
                then
                    coalesce(
                        nullif(indicators.given_weight, 0),
                        case when spread.is_alone then 1 end,
                        indicators.given_weight
                    )
        end as information
    from spread
    inner join methods on spread.method_id = methods.method_id
    inner join indicators
        on
            spread.study_id = indicators.study_id
            and spread.indicator_id = indicators.indicator_id
    left join conflict
        on
            spread.study_id = conflict.study_id
            and spread.method_id = conflict.method_id
            and spread.indicator_id = conflict.indicator_id
            and spread.scope_year = conflict.scope_year
),

-- What is left of a difference that should be zero is rounding, not information.
final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        scope_year,
        entropy,
        mean,
        standard_deviation,
        conflict,
        case when abs(information) <= 1e-12 then 0 else information end as information
    from ruled
)

select * from final
