-- The information d of each usable indicator in its scope, by each rule of weights.
-- entropy: d = 1 - e.
-- variation: d = sd / mean. critic: d = sd x sum (1 - r). equal: d = 1.
-- given: d as a set of weights or the catalogue has it. ahp: the priority by pairwise
-- judgements. pca and scatter: by eigenvectors of the correlations. A y that does not
-- vary says nothing by what is measured: d = 0. A lone usable indicator of a system
-- weighs 1 under every rule: with nothing to conflict with, its conflict counts as 1,
-- and without a given weight or eigenvector, its d.
with spread as (
    select * from {{ ref('int_indicator_spreads_measured') }}
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
        spread.*,
        rules.member,
        rules.weighting,
        case when spread.is_alone then 1 else conflict.conflict end as conflict,
        case
            when rules.weighting = 'equal' then 1
            when rules.weighting = 'given' and rules.weight_set_id is null
                then indicators.given_weight
            when rules.weighting = 'given' then weight_sets.weight
            when rules.weighting = 'ahp' then judgements.priority
            when spread.standard_deviation <= 1e-12 then 0
            when rules.weighting = 'entropy' then 1 - spread.entropy
            when rules.weighting = 'variation'
                then spread.standard_deviation / spread.mean
            when rules.weighting = 'critic'
                then
                    spread.standard_deviation
                    * case
                        when spread.is_alone then 1 else coalesce(conflict.conflict, 0)
                    end
            when rules.weighting in ('pca', 'scatter')
                then coalesce(components.information, 1)
        end as information
    from spread
    inner join {{ ref('int_weight_rules_listed') }} as rules
        on spread.method_id = rules.method_id
    inner join {{ ref('stg_studies__indicators') }} as indicators
        on
            spread.study_id = indicators.study_id
            and spread.indicator_id = indicators.indicator_id
    left join conflict
        on
            spread.study_id = conflict.study_id
            and spread.method_id = conflict.method_id
            and spread.indicator_id = conflict.indicator_id
            and spread.scope_year = conflict.scope_year
    left join {{ ref('stg_studies__weight_sets') }} as weight_sets
        on
            rules.weight_set_id = weight_sets.weight_set_id
            and spread.study_id = weight_sets.study_id
            and spread.indicator_id = weight_sets.indicator_id
    left join {{ ref('int_judgement_weights_chained') }} as judgements
        on
            rules.judgement_set_id = judgements.judgement_set_id
            and spread.study_id = judgements.study_id
            and spread.indicator_id = judgements.indicator_id
    left join {{ ref('int_components_weighed') }} as components
        on
            spread.study_id = components.study_id
            and spread.method_id = components.method_id
            and rules.weighting = components.weighting
            and spread.indicator_id = components.indicator_id
            and spread.scope_year = components.scope_year
),

-- What is left of a difference that should be zero is rounding, not information.
final as (
    select
        study_id,
        method_id,
        member,
        system_id,
        indicator_id,
        scope_year,
        entropy,
        mean,
        standard_deviation,
        conflict,
        case
            when
                is_alone
                and weighting in ('given', 'ahp')
                and coalesce(information, 0) = 0
                then 1
            when abs(information) <= 1e-12 then 0
            else information
        end as information
    from ruled
)

select * from final
