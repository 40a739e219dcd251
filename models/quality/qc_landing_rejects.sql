-- Cells of landed yearbook files that could not stand, with the reason.
with rejects as (
    select * from {{ ref('stg_yearbook_rejects__landed') }}
),

final as (
    select
        landing_id,
        source_file,
        sheet,
        source_row,
        source_column,
        text_found,
        reason,
        reason_zh
    from rejects
)

select * from final
