-- Which system lags behind, under the names of study, method, region and system.
{{ config(materialized='view') }}
with scored as (
    select * from {{ ref('int_panel_scored') }}
),

compared as (
    select * from {{ ref('int_panel_compared') }}
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
        regions.region_code,
        scored.year,
        case when compared.lagging_place = 0 then 'synchronous' else systems.system_id
        end as lagging_system_id,
        compared.relative_development,
        compared.development_threshold_set,
        compared.type_position
    from scored
    inner join methods
        on
            scored.study_key = methods.study_key
            and scored.method_key = methods.method_key
    inner join regions on scored.region_key = regions.region_key
    left join compared
        on
            scored.study_key = compared.study_key
            and scored.method_key = compared.method_key
            and scored.region_key = compared.region_key
            and scored.year = compared.year
    left join systems
        on
            compared.study_key = systems.study_key
            and compared.lagging_place = systems.system_place
)

select * from final
