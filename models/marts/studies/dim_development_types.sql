with thresholds as (
    select * from {{ ref('stg_studies__development_thresholds') }}
),

final as (
    select
        threshold_set_id,
        type_position,
        lower_bound,
        upper_bound,
        lags,
        extent,
        extent_zh,
        row_origin as type_origin
    from thresholds
)

select * from final
