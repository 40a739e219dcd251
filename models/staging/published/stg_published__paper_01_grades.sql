with source as (
    select * from {{ ref('paper_01_table_3_grades') }}
),

final as (
    select
        region_code,
        year,
        grade_as_printed,
        grade_as_printed_zh,
        grade_level
    from source
)

select * from final
