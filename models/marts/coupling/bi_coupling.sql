-- Everything about a region-year in one row, for tools in which tables are not joined.
with coupling as (
    select * from {{ ref('fct_coupling') }}
),

scores as (
    select
        scores.study_id,
        scores.method_id,
        scores.region_code,
        scores.year,
        scores.score,
        systems.system_position,
        systems.label,
        systems.label_zh
    from {{ ref('fct_system_scores') }} as scores
    inner join {{ ref('dim_systems') }} as systems
        on
            scores.study_id = systems.study_id
            and scores.system_id = systems.system_id
),

studies as (
    select * from {{ ref('dim_studies') }}
),

methods as (
    select * from {{ ref('dim_methods') }}
),

regions as (
    select * from {{ ref('dim_regions') }}
),

systems as (
    select * from {{ ref('dim_systems') }}
),

side_by_side as (
    select
        study_id,
        method_id,
        region_code,
        year,
        max(case when system_position = 1 then label end) as system_1,
        max(case when system_position = 1 then label_zh end) as system_1_zh,
        max(case when system_position = 1 then score end) as system_1_score,
        max(case when system_position = 2 then label end) as system_2,
        max(case when system_position = 2 then label_zh end) as system_2_zh,
        max(case when system_position = 2 then score end) as system_2_score,
        max(case when system_position = 3 then label end) as system_3,
        max(case when system_position = 3 then label_zh end) as system_3_zh,
        max(case when system_position = 3 then score end) as system_3_score
    from scores
    group by study_id, method_id, region_code, year
),

final as (
    select
        coupling.study_id,
        studies.label as study,
        studies.label_zh as study_zh,
        coupling.method_id,
        methods.label as method,
        methods.label_zh as method_zh,
        coupling.is_default_method,
        coupling.region_code,
        regions.region,
        regions.name_zh as region_zh,
        regions.three_belt,
        regions.three_belt_zh,
        regions.four_region,
        regions.four_region_zh,
        regions.capital_latitude_deg,
        regions.capital_longitude_deg,
        coupling.year,
        make_date(coupling.year, 1, 1) as year_start_date,
        coupling.coupling_degree,
        coupling.comprehensive_index,
        coupling.coupling_coordination_degree,
        coupling.coordination_rank,
        coupling.grade_level,
        coupling.grade,
        coupling.grade_zh,
        case
            when coupling.status = 'computed'
                then 1.0 / nullif(count(*) over (
                    partition by
                        coupling.study_id,
                        coupling.method_id,
                        coupling.year,
                        coupling.status
                ), 0)
        end as region_share,
        coupling.lagging_system_id,
        coalesce(systems.label, coupling.lagging_system_id) as lagging_system,
        case
            when coupling.lagging_system_id = 'synchronous' then '同步'
            else systems.label_zh
        end as lagging_system_zh,
        studies.system_count,
        side_by_side.system_1,
        side_by_side.system_1_zh,
        side_by_side.system_1_score,
        side_by_side.system_2,
        side_by_side.system_2_zh,
        side_by_side.system_2_score,
        side_by_side.system_3,
        side_by_side.system_3_zh,
        side_by_side.system_3_score,
        coupling.status,
        coupling.status_reason,
        coupling.status_reason_zh,
        coupling.relative_development,
        coupling.development_type,
        coupling.development_type_zh
    from coupling
    inner join studies on coupling.study_id = studies.study_id
    inner join methods on coupling.method_id = methods.method_id
    inner join regions on coupling.region_code = regions.region_code
    left join side_by_side
        on
            coupling.study_id = side_by_side.study_id
            and coupling.method_id = side_by_side.method_id
            and coupling.region_code = side_by_side.region_code
            and coupling.year = side_by_side.year
    left join systems
        on
            coupling.study_id = systems.study_id
            and coupling.lagging_system_id = systems.system_id
)

select * from final
