-- weight = d / sum of d in the system; study_weight = d / sum of d in the study. An
-- indicator that the scope cannot use weighs 0; a system without information, NULL.
with scopes as (
    select * from {{ ref('int_indicators_judged') }}
),

information as (
    select * from {{ ref('int_indicator_information') }}
),

system_totals as (
    select
        study_id,
        method_id,
        system_id,
        scope_year,
        {{ exact_sum('information') }} as information_total,
        count(*) - count(information) as unknown_count
    from information
    group by study_id, method_id, system_id, scope_year
),

judged as (
    select
        scopes.study_id,
        scopes.method_id,
        scopes.system_id,
        scopes.indicator_id,
        scopes.scope_year,
        information.information,
        system_totals.information_total,
        case
            when scopes.status <> 'usable' then scopes.status
            when system_totals.unknown_count > 0 then 'no_given_weight'
            when system_totals.information_total > 0 then 'used'
            else 'no_information'
        end as status
    from scopes
    left join information
        on
            scopes.study_id = information.study_id
            and scopes.method_id = information.method_id
            and scopes.indicator_id = information.indicator_id
            and scopes.scope_year = information.scope_year
    left join system_totals
        on
            scopes.study_id = system_totals.study_id
            and scopes.method_id = system_totals.method_id
            and scopes.system_id = system_totals.system_id
            and scopes.scope_year = system_totals.scope_year
),

study_totals as (
    select
        study_id,
        method_id,
        scope_year,
        {{ exact_sum('information') }} as information_total
    from judged
    where status = 'used'
    group by study_id, method_id, scope_year
),

shared as (
    select
        judged.study_id,
        judged.method_id,
        judged.system_id,
        judged.indicator_id,
        judged.scope_year,
        case
            when judged.status = 'used'
                then judged.information / judged.information_total
            when
                judged.status not in (
                    'no_given_weight', 'no_information', 'no_figures_in_year'
                )
                then 0
        end as weight,
        case
            when judged.status = 'used'
                then judged.information / study_totals.information_total
            when
                judged.status not in (
                    'no_given_weight', 'no_information', 'no_figures_in_year'
                )
                then 0
        end as study_weight,
        judged.status
    from judged
    left join study_totals
        on
            judged.study_id = study_totals.study_id
            and judged.method_id = study_totals.method_id
            and judged.scope_year = study_totals.scope_year
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        scope_year,
        {{ at_most_one('weight') }} as weight,
        {{ at_most_one('study_weight') }} as study_weight,
        status
    from shared
)

select * from final
