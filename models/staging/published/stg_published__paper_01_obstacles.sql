with source as (
    select * from {{ ref('paper_01_table_4_obstacles') }}
),

final as (
    select
        year,
        obstacle_rank,
        indicator_id,
        cast(obstacle_degree_pct as double) as obstacle_degree_pct,
        obstacle_degree_pct as obstacle_degree_pct_printed
    from source
)

select * from final
