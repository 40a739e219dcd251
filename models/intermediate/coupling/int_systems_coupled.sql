-- Of k systems with scores U: T = sum alpha U and D = sqrt(C T).
-- standard: C = [prod U / (sum U / k)^k]^e, as shipped with e = 1 / k; or e = 2.
-- wang_2021: C = sqrt((1 - sum_{i>j} |U_i - U_j| / (k (k - 1) / 2))
--                     x prod(U_i / max U)^(1 / (k - 1))).
-- capacity, of two systems: C = U1 U2 / (a U1 + b U2)^g; above 1 it is no degree.
-- A zero score gives C = 0 and D = 0.
with scores as (
    select
        scored.*,
        systems.system_position,
        systems.contribution,
        systems.capacity_share
    from {{ ref('int_systems_scored') }} as scored
    inner join {{ ref('int_system_contributions') }} as systems
        on
            scored.study_id = systems.study_id
            and scored.method_id = systems.method_id
            and scored.system_id = systems.system_id
),

gaps as (
    select
        a.study_id,
        a.method_id,
        a.region_code,
        a.year,
        {{ exact_sum('abs(a.score - b.score)') }} as gap_total
    from scores as a
    inner join scores as b
        on
            a.study_id = b.study_id
            and a.method_id = b.method_id
            and a.region_code = b.region_code
            and a.year = b.year
            and a.system_position < b.system_position
    group by a.study_id, a.method_id, a.region_code, a.year
),

summed as (
    select
        study_id,
        method_id,
        region_code,
        year,
        cast(count(*) as int) as k,
        cast(count(score) as int) as score_count,
        min(case when status <> 'computed' then system_position end)
            as first_uncomputed_position,
        min(score) as lowest_score,
        max(score) as highest_score,
        {{ exact_sum('score') }} as score_total,
        {{ exact_sum('ln(nullif(score, 0))') }} as log_score_total,
        {{ exact_sum('contribution * score') }} as comprehensive_index,
        {{ exact_sum('capacity_share * score') }} as capacity_total
    from scores
    group by study_id, method_id, region_code, year
),

coupled as (
    select
        summed.*,
        case
            when uncomputed.status is not null then uncomputed.status
            when methods.coupling_formula = 'capacity' and summed.k <> 2
                then 'two_systems_only'
            else 'computed'
        end as status,
        case
            when summed.lowest_score = 0 then 0
            when methods.coupling_exponent > 0 and methods.coupling_formula = 'standard'
                then
                    {{ coupling_by_power(
                        'summed.log_score_total', 'summed.score_total', 'summed.k',
                        'methods.coupling_exponent',
                    ) }}
            when methods.coupling_formula = 'capacity'
                then
                    {{ coupling_by_capacity(
                        'summed.log_score_total', 'summed.capacity_total',
                        'methods.capacity_exponent',
                    ) }}
            when methods.coupling_formula = 'standard'
                then
                    summed.k * exp(summed.log_score_total / summed.k)
                    / summed.score_total
            when methods.coupling_formula = 'wang_2021'
                then
                    sqrt(
                        (1 - gaps.gap_total / (summed.k * (summed.k - 1) / 2))
                        * exp(
                            (
                                summed.log_score_total
                                - summed.k * ln(nullif(summed.highest_score, 0))
                            ) / (summed.k - 1)
                        )
                    )
        end as coupling_degree
    from summed
    inner join {{ ref('stg_studies__methods') }} as methods
        on summed.method_id = methods.method_id
    inner join gaps
        on
            summed.study_id = gaps.study_id
            and summed.method_id = gaps.method_id
            and summed.region_code = gaps.region_code
            and summed.year = gaps.year
    left join scores as uncomputed
        on
            summed.study_id = uncomputed.study_id
            and summed.method_id = uncomputed.method_id
            and summed.region_code = uncomputed.region_code
            and summed.year = uncomputed.year
            and summed.first_uncomputed_position = uncomputed.system_position
),

judged as (
    select
        coupled.*,
        case
            when coupled.status <> 'computed' then coupled.status
            when coupled.coupling_degree >= 1 + 1e-12 then 'coupling_above_one'
            else 'computed'
        end as judged_status
    from coupled
),

bounded as (
    select
        study_id,
        method_id,
        region_code,
        year,
        judged_status as status,
        case when judged_status = 'computed' then {{ at_most_one('coupling_degree') }}
        end as coupling_degree,
        case
            when judged_status = 'computed'
                then {{ at_most_one('comprehensive_index') }}
        end as comprehensive_index
    from judged
),

final as (
    select
        *,
        sqrt(coupling_degree * comprehensive_index) as coupling_coordination_degree
    from bounded
)

select * from final
