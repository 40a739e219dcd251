with source as (
    {{ with_workspace(ref('series_breaks')) }}
),

final as (
    select
        series_id,
        level as region_level,
        year,
        reason,
        coalesce(reason_zh, reason) as reason_zh,
        row_origin
    from source
)

select * from final
