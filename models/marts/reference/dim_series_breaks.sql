with breaks as (
    select * from {{ ref('stg_reference__series_breaks') }}
),

final as (
    select
        series_id,
        region_level,
        year,
        reason,
        reason_zh,
        row_origin as break_origin
    from breaks
)

select * from final
