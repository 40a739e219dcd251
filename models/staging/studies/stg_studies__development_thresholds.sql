with source as (
    {{ with_workspace(ref('development_thresholds')) }}
),

final as (
    select
        threshold_set_id,
        position as type_position,
        lower as lower_bound,
        upper as upper_bound,
        lags,
        coalesce(extent, extent_zh) as extent,
        coalesce(extent_zh, extent) as extent_zh,
        row_origin
    from source
)

select * from final
