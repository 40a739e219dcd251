with source as (
    select * from {{ ref('paper_09_tables_3_4_breakdowns') }}
),

final as (
    select
        table_name,
        table_row,
        item,
        item_zh,
        project_count,
        cast(amount_thb_billion as double) as amount_thb_billion,
        amount_thb_billion as amount_thb_billion_printed
    from source
)

select * from final
