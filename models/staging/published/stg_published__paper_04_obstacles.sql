with source as (
    select * from {{ ref('paper_04_table_2_obstacles') }}
),

final as (
    select
        city,
        city_zh,
        year,
        obstacle_rank,
        indicator_id,
        cast(obstacle_degree as double) as obstacle_degree,
        obstacle_degree as obstacle_degree_printed
    from source
)

select * from final
