with source as (
    select * from {{ ref('adjudications') }}
),

final as (
    select
        region_code,
        year,
        series_id,
        step,
        finding,
        printed_value,
        other_value,
        neighbour_1_value,
        neighbour_2_value,
        trend_value,
        taken_value,
        outcome,
        reason,
        reason_zh
    from source
)

select * from final
