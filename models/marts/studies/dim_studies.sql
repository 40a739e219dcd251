with studies as (
    select * from {{ ref('stg_studies__studies') }}
),

panel as (
    select
        study_id,
        cast(count(distinct region_code) as int) as region_count,
        cast(count(*) as int) as region_year_count
    from {{ ref('int_study_panel') }}
    group by study_id
),

systems as (
    select
        study_id,
        cast(count(*) as int) as system_count
    from {{ ref('stg_studies__systems') }}
    group by study_id
),

final as (
    select
        studies.study_id,
        studies.paper_id,
        studies.label,
        studies.label_zh,
        studies.first_year,
        studies.last_year,
        panel.region_count,
        panel.region_year_count,
        systems.system_count,
        studies.default_method_id,
        studies.grade_scheme_id,
        studies.grouping_id,
        studies.row_origin as study_origin,
        studies.development_threshold_set
    from studies
    inner join panel on studies.study_id = panel.study_id
    inner join systems on studies.study_id = systems.study_id
)

select * from final
