with source as (
    select * from {{ ref('statuses') }}
),

final as (
    select
        status,
        reason,
        reason_zh
    from source
)

select * from final
