with source as (
    select * from {{ ref('paper_01_table_2_coupling') }}
),

final as (
    select
        study_id,
        region_code,
        year,
        coupling_degree,
        coupling_coordination_degree
    from source
)

select * from final
