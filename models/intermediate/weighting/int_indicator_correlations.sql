-- Correlations between the usable indicators of a system, which CRITIC, principal
-- components and the scatter degree need.
-- r = (n sum ab - sum a sum b) / sqrt((n sum aa - (sum a)^2) (n sum bb - (sum b)^2)),
-- unknown where one of the two is constant over the cells that they share.
with rules as (
    select distinct method_id
    from {{ ref('int_weight_rules_listed') }}
    where weighting in ('critic', 'pca', 'scatter')
),

normalised as (
    select normalised.*
    from {{ ref('int_indicators_normalised') }} as normalised
    inner join rules on normalised.method_id = rules.method_id
    inner join {{ ref('int_indicators_judged') }} as judged
        on
            normalised.study_id = judged.study_id
            and normalised.method_id = judged.method_id
            and normalised.indicator_id = judged.indicator_id
            and normalised.weight_scope_year = judged.scope_year
    where normalised.status = 'computed' and judged.status = 'usable'
),

summed as (
    select
        a.study_id,
        a.method_id,
        a.system_id,
        a.weight_scope_year as scope_year,
        a.indicator_id,
        b.indicator_id as other_indicator_id,
        count(*) as n,
        {{ exact_sum('a.normalised_value') }} as sum_a,
        {{ exact_sum('b.normalised_value') }} as sum_b,
        {{ exact_sum('a.normalised_value * b.normalised_value') }} as sum_ab,
        {{ exact_sum('a.normalised_value * a.normalised_value') }} as sum_aa,
        {{ exact_sum('b.normalised_value * b.normalised_value') }} as sum_bb
    from normalised as a
    inner join normalised as b
        on
            a.study_id = b.study_id
            and a.method_id = b.method_id
            and a.system_id = b.system_id
            and a.weight_scope_year = b.weight_scope_year
            and a.region_code = b.region_code
            and a.year = b.year
            and a.indicator_id <> b.indicator_id
    group by
        a.study_id,
        a.method_id,
        a.system_id,
        a.weight_scope_year,
        a.indicator_id,
        b.indicator_id
),

spread as (
    select
        *,
        n * sum_ab - sum_a * sum_b as covariance,
        n * sum_aa - sum_a * sum_a as variance_a,
        n * sum_bb - sum_b * sum_b as variance_b
    from summed
),

final as (
    select
        study_id,
        method_id,
        system_id,
        scope_year,
        indicator_id,
        other_indicator_id,
        case
            when least(variance_a, variance_b) > 1e-12 * n * n
                then
                    least(
                        greatest(covariance / sqrt(variance_a * variance_b), -1), 1
                    )
        end as correlation
    from spread
)

select * from final
