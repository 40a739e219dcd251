with contributions as (
    select * from {{ ref('int_score_contributions_measured') }}
),

figures as (
    select * from {{ ref('int_indicator_figures_paired') }}
),

bounds as (
    select
        scopes.study_id,
        scopes.indicator_id,
        scopes.scope_year,
        methods.method_id,
        scopes.min_value,
        scopes.max_value
    from {{ ref('int_indicator_scopes_bounded') }} as scopes
    inner join {{ ref('int_study_methods') }} as study_methods
        on scopes.study_id = study_methods.study_id
    inner join {{ ref('stg_studies__methods') }} as methods
        on
            study_methods.method_id = methods.method_id
            and scopes.normalisation_scope = methods.normalisation_scope
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

score_changes as (
    select * from {{ ref('int_score_changes_attributed') }}
),

paired as (
    select * from {{ ref('int_score_changes_paired') }}
),

coordination_changes as (
    select * from {{ ref('int_coordination_changes_attributed') }}
),

obstacles as (
    select * from {{ ref('fct_obstacles') }}
),

final as (
    select
        contributions.study_id,
        contributions.method_id,
        contributions.region_code,
        contributions.year,
        contributions.system_id,
        contributions.indicator_id,
        figures.numerator_series_id,
        figures.numerator_value,
        figures.numerator_value_after,
        figures.numerator_source_id,
        figures.numerator_quality,
        figures.denominator_series_id,
        figures.denominator_value,
        figures.denominator_value_after,
        figures.denominator_source_id,
        figures.denominator_quality,
        figures.raw_value,
        figures.value_origin,
        figures.year_before,
        figures.year_after,
        bounds.min_value,
        bounds.max_value,
        indicators.direction,
        contributions.normalised_value,
        contributions.weight,
        contributions.study_weight,
        contributions.score,
        contributions.score_contribution,
        contributions.squared_distance_to_best,
        contributions.squared_distance_to_worst,
        score_changes.score_change,
        score_changes.score_change_contribution,
        coordination_changes.coordination_change,
        coordination_changes.change_per_score * score_changes.score_change_contribution
            as coordination_change_contribution,
        obstacles.obstacle_degree,
        obstacles.obstacle_rank,
        contributions.status,
        case
            when
                paired.change_status = 'computed'
                and contributions.aggregation = 'grey_topsis'
                then 'not_decomposed'
            else paired.change_status
        end as change_status,
        contributions.method_id = studies.default_method_id as is_default_method
    from contributions
    inner join figures
        on
            contributions.study_id = figures.study_id
            and contributions.indicator_id = figures.indicator_id
            and contributions.region_code = figures.region_code
            and contributions.year = figures.year
    inner join bounds
        on
            contributions.study_id = bounds.study_id
            and contributions.indicator_id = bounds.indicator_id
            and contributions.scope_year = bounds.scope_year
            and contributions.method_id = bounds.method_id
    inner join indicators
        on
            contributions.study_id = indicators.study_id
            and contributions.indicator_id = indicators.indicator_id
    inner join studies on contributions.study_id = studies.study_id
    inner join paired
        on
            contributions.study_id = paired.study_id
            and contributions.method_id = paired.method_id
            and contributions.system_id = paired.system_id
            and contributions.region_code = paired.region_code
            and contributions.year = paired.year
    left join score_changes
        on
            contributions.study_id = score_changes.study_id
            and contributions.method_id = score_changes.method_id
            and contributions.indicator_id = score_changes.indicator_id
            and contributions.region_code = score_changes.region_code
            and contributions.year = score_changes.year
    left join coordination_changes
        on
            contributions.study_id = coordination_changes.study_id
            and contributions.method_id = coordination_changes.method_id
            and contributions.system_id = coordination_changes.system_id
            and contributions.region_code = coordination_changes.region_code
            and contributions.year = coordination_changes.year
    left join obstacles
        on
            contributions.study_id = obstacles.study_id
            and contributions.method_id = obstacles.method_id
            and contributions.indicator_id = obstacles.indicator_id
            and contributions.region_code = obstacles.region_code
            and contributions.year = obstacles.year
)

select * from final
