-- linear: sum w y. geometric: prod y^w, 0 as soon as one y is 0.
-- topsis: closeness d- / (d+ + d-). grey_topsis: S+ / (S+ + S-), with distances d and
-- grey relational degrees g, each over its largest in the scope: S+ = (d- + g+) / 2,
-- S- = (d+ + g-) / 2.
with panel as (
    select
        panel.study_id,
        panel.region_code,
        panel.year,
        years.has_figures,
        systems.system_id,
        methods.method_id,
        methods.aggregation,
        case
            when 'year' in (methods.normalisation_scope, methods.weight_scope)
                then panel.year
            else 0
        end as scope_year
    from {{ ref('int_study_panel') }} as panel
    inner join {{ ref('int_study_years_judged') }} as years
        on panel.study_id = years.study_id and panel.year = years.year
    inner join {{ ref('stg_studies__systems') }} as systems
        on panel.study_id = systems.study_id
    inner join {{ ref('int_study_methods') }} as study_methods
        on panel.study_id = study_methods.study_id
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

scope_sizes as (
    select
        study_id,
        method_id,
        scope_year,
        count(case when has_figures then 1 end) / count(distinct system_id)
            as region_year_count
    from panel
    group by study_id, method_id, scope_year
),

distances as (
    select * from {{ ref('int_topsis_distances_measured') }}
),

grey as (
    select * from {{ ref('int_grey_closeness_measured') }}
),

summed as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        count(*) as indicator_count,
        count(normalised_value) as value_count,
        count(case when status = 'base_not_positive' then 1 end) as undefined_count,
        {{ exact_sum('weighted_value') }} as linear_score,
        case
            when min(normalised_value) > 0
                then exp({{ exact_sum('weight * ln(nullif(normalised_value, 0))') }})
            else 0
        end as geometric_score
    from {{ ref('int_indicators_weighted') }}
    group by study_id, method_id, system_id, region_code, year
),

scored as (
    select
        panel.study_id,
        panel.method_id,
        panel.system_id,
        panel.region_code,
        panel.year,
        case panel.aggregation
            when 'linear' then summed.linear_score
            when 'geometric' then summed.geometric_score
            when 'topsis'
                then
                    distances.distance_to_worst
                    / nullif(
                        distances.distance_to_best + distances.distance_to_worst, 0
                    )
            when 'grey_topsis' then grey.grey_closeness
        end as score,
        case
            when not panel.has_figures then 'no_figures_in_year'
            when scope_sizes.region_year_count = 1 then 'single_region_year'
            when summed.indicator_count is null then 'no_usable_indicator'
            when summed.undefined_count > 0 then 'base_not_positive'
            when summed.value_count < summed.indicator_count then 'missing_value'
            else 'computed'
        end as status
    from panel
    inner join scope_sizes
        on
            panel.study_id = scope_sizes.study_id
            and panel.method_id = scope_sizes.method_id
            and panel.scope_year = scope_sizes.scope_year
    left join summed
        on
            panel.study_id = summed.study_id
            and panel.method_id = summed.method_id
            and panel.system_id = summed.system_id
            and panel.region_code = summed.region_code
            and panel.year = summed.year
    left join distances
        on
            panel.study_id = distances.study_id
            and panel.method_id = distances.method_id
            and panel.system_id = distances.system_id
            and panel.region_code = distances.region_code
            and panel.year = distances.year
    left join grey
        on
            panel.study_id = grey.study_id
            and panel.method_id = grey.method_id
            and panel.system_id = grey.system_id
            and panel.region_code = grey.region_code
            and panel.year = grey.year
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        case when status = 'computed' then {{ at_most_one('score') }} end as score,
        status
    from scored
)

select * from final
