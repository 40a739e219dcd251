-- What each indicator adds to the squared distances of TOPSIS, under the names of its
-- study, method, system and region.
{{ config(materialized='view') }}
with distances as (
    select
        study_key,
        method_key,
        region_key,
        year,
        unnest(squared_to_best) as squared_to_best,
        unnest(squared_to_worst) as squared_to_worst,
        unnest(scaled_values) as scaled_value,
        generate_subscripts(scaled_values, 1) as place,
        is_used_by_system
    from {{ ref('int_panel_distances') }}
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

final as (
    select
        methods.study_id,
        methods.method_id,
        placed.system_id,
        placed.indicator_id,
        regions.region_code,
        distances.year,
        case when distances.scaled_value is not null then distances.squared_to_best end
            as squared_distance_to_best,
        case when distances.scaled_value is not null then distances.squared_to_worst end
            as squared_distance_to_worst
    from distances
    inner join methods
        on
            distances.study_key = methods.study_key
            and distances.method_key = methods.method_key
    inner join placed
        on
            distances.study_key = placed.study_key
            and distances.place = placed.place
    inner join regions on distances.region_key = regions.region_key
    where distances.is_used_by_system[placed.system_place][placed.place] = 1
)

select * from final
