{{ config(materialized='view') }}
with obstacles as (
    select * from {{ ref('int_obstacle_degrees_computed') }}
),

final as (
    select
        study_id,
        method_id,
        region_code,
        year,
        indicator_id,
        deviation,
        obstacle_degree,
        {{ competition_rank('obstacle_degree', [
            'study_id', 'method_id', 'region_code', 'year',
        ]) }} as obstacle_rank,
        status
    from obstacles
)

select * from final
