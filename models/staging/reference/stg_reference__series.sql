with source as (
    {{ with_workspace(ref('series')) }}
),

final as (
    select
        series_id,
        chapter,
        label,
        label_zh,
        unit,
        min_value,
        max_value
    from source
)

select * from final
