with source as (
    select * from {{ ref('paper_01_table_2_coupling') }}
),

final as (
    select
        study_id,
        region_code,
        year,
        cast(coupling_degree as double) as coupling_degree,
        coupling_degree as coupling_degree_printed,
        cast(coupling_coordination_degree as double) as coupling_coordination_degree,
        coupling_coordination_degree as coupling_coordination_degree_printed
    from source
)

select * from final
