-- The scores under the names of their studies, methods, systems and regions.
{{ config(materialized='view') }}
with scored as (
    select
        study_key,
        method_key,
        region_key,
        year,
        unnest(scores) as score,
        unnest(statuses) as status,
        generate_subscripts(statuses, 1) as system_place
    from {{ ref('int_panel_scored') }}
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

final as (
    select
        methods.study_id,
        methods.method_id,
        systems.system_id,
        regions.region_code,
        scored.year,
        scored.score,
        scored.status
    from scored
    inner join methods
        on
            scored.study_key = methods.study_key
            and scored.method_key = methods.method_key
    inner join systems
        on
            scored.study_key = systems.study_key
            and scored.system_place = systems.system_place
    inner join regions on scored.region_key = regions.region_key
)

select * from final
