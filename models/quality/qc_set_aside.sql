-- What of a user's workspace this build leaves out, with the reason.
with items as (
    select * from {{ ref('stg_workspace__set_aside') }}
),

final as (
    select
        kind,
        name,
        source_file,
        source_row,
        source_column,
        reason,
        reason_zh
    from items
)

select * from final
