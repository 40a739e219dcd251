-- Mean, sample standard deviation and entropy of each usable indicator in its scope of
-- weights: p = y / sum y, e = -(1 / ln N) sum p ln p, with 0 ln 0 = 0.
with judged as (
    select * from {{ ref('int_indicators_judged') }}
    where status = 'usable'
),

normalised as (
    select
        normalised.study_id,
        normalised.method_id,
        normalised.system_id,
        normalised.indicator_id,
        normalised.weight_scope_year as scope_year,
        normalised.normalised_value
    from {{ ref('int_indicators_normalised') }} as normalised
    inner join judged
        on
            normalised.study_id = judged.study_id
            and normalised.method_id = judged.method_id
            and normalised.indicator_id = judged.indicator_id
            and normalised.weight_scope_year = judged.scope_year
    where normalised.status = 'computed'
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

final as (
    select
        totals.study_id,
        totals.method_id,
        totals.system_id,
        totals.indicator_id,
        totals.scope_year,
        totals.total / totals.n as mean,
        -{{ exact_sum(
            'normalised.normalised_value / nullif(totals.total, 0)'
            ~ ' * ln(nullif(normalised.normalised_value'
            ~ ' / nullif(totals.total, 0), 0))'
        ) }} / nullif(ln(totals.n), 0) as entropy,
        sqrt({{ exact_sum(
            'power(normalised.normalised_value - totals.total / totals.n, 2)'
        ) }} / nullif(totals.n - 1, 0)) as standard_deviation,
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
)

select * from final
