with source as (
    select * from {{ ref('paper_02_table_2_coordination') }}
),

final as (
    select
        table_row,
        region_as_printed,
        region_as_printed_zh,
        region_code,
        reading_note,
        reading_note_zh,
        year,
        cast(coupling_coordination_degree as double) as coupling_coordination_degree,
        coupling_coordination_degree as coupling_coordination_degree_printed
    from source
)

select * from final
