-- The distances of TOPSIS under the names of their studies, methods, systems and
-- regions.
{{ config(materialized='view') }}
with distances as (
    select
        study_key,
        method_key,
        region_key,
        year,
        unnest(distances_to_best) as distance_to_best,
        unnest(distances_to_worst) as distance_to_worst,
        unnest(is_used_by_system) as is_used,
        generate_subscripts(is_used_by_system, 1) as system_place
    from {{ ref('int_panel_distances') }}
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
        distances.year,
        distances.distance_to_best,
        distances.distance_to_worst
    from distances
    inner join methods
        on
            distances.study_key = methods.study_key
            and distances.method_key = methods.method_key
    inner join systems
        on
            distances.study_key = systems.study_key
            and distances.system_place = systems.system_place
    inner join regions on distances.region_key = regions.region_key
    where list_sum(distances.is_used) > 0
)

select * from final
