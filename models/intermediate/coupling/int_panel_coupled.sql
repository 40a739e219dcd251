-- Of k systems with scores U: T = sum alpha U and D = sqrt(C T).
-- standard: C = [prod U / (sum U / k)^k]^e, as shipped with e = 1 / k; or e = 2.
-- wang_2021: C = sqrt((1 - sum_{i>j} |U_i - U_j| / (k (k - 1) / 2))
--                     x prod(U_i / max U)^(1 / (k - 1))).
-- capacity, of two systems: C = U1 U2 / (a U1 + b U2)^g; above 1 it is no degree.
-- A zero score gives C = 0 and D = 0.
with methods as (
    select
        prepared.study_key,
        prepared.method_key,
        methods.coupling_formula,
        methods.coupling_exponent,
        methods.capacity_exponent
    from {{ ref('int_methods_prepared') }} as prepared
    inner join {{ ref('stg_studies__methods') }} as methods
        on prepared.method_id = methods.method_id
),

contributions as (
    select * from {{ ref('int_contributions_lined_up') }}
),

summed as (
    select
        scored.study_key,
        scored.method_key,
        scored.region_key,
        scored.year,
        methods.coupling_formula,
        methods.coupling_exponent,
        methods.capacity_exponent,
        len(scored.scores) as k,
        case
            when len({{ only('scored.statuses', 's', "s <> 'computed'") }}) > 0
                then {{ only('scored.statuses', 's', "s <> 'computed'") }}[1]
            when methods.coupling_formula = 'capacity' and len(scored.scores) <> 2
                then 'two_systems_only'
            else 'computed'
        end as status,
        list_min(scored.scores) as lowest_score,
        list_max(scored.scores) as highest_score,
        list_sum(scored.scores) as score_total,
        list_sum({{ each('scored.scores', 'u', 'ln(nullif(u, 0))') }})
            as log_score_total,
        list_sum({{ each(
            'scored.scores', 'u, s', 'contributions.contributions[s] * u'
        ) }}) as comprehensive_index,
        list_sum({{ each(
            'scored.scores', 'u, s', 'contributions.capacity_shares[s] * u'
        ) }}) as capacity_total,
        list_sum({% call each('scored.scores', 'u') %}
            list_sum({{ each('scored.scores', 'v', 'abs(u - v)') }})
        {% endcall %}) / 2 as gap_total
    from {{ ref('int_panel_scored') }} as scored
    inner join methods
        on
            scored.study_key = methods.study_key
            and scored.method_key = methods.method_key
    inner join contributions
        on
            scored.study_key = contributions.study_key
            and scored.method_key = contributions.method_key
    where len(scored.scores) > 1
),

coupled as (
    select
        *,
        case
            when lowest_score = 0 then 0
            when coupling_exponent > 0 and coupling_formula = 'standard'
                then
                    {{ coupling_by_power(
                        'log_score_total', 'score_total', 'k', 'coupling_exponent',
                    ) }}
            when coupling_formula = 'capacity'
                then
                    {{ coupling_by_capacity(
                        'log_score_total', 'capacity_total', 'capacity_exponent',
                    ) }}
            when coupling_formula = 'standard'
                then k * exp(log_score_total / k) / score_total
            when coupling_formula = 'wang_2021'
                then
                    sqrt(
                        (1 - gap_total / (k * (k - 1) / 2))
                        * exp(
                            (log_score_total - k * ln(nullif(highest_score, 0)))
                            / (k - 1)
                        )
                    )
        end as coupling_degree
    from summed
),

judged as (
    select
        *,
        case
            when status <> 'computed' then status
            when coupling_degree >= 1 + 1e-12 then 'coupling_above_one'
            else 'computed'
        end as judged_status
    from coupled
),

bounded as (
    select
        study_key,
        method_key,
        region_key,
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
