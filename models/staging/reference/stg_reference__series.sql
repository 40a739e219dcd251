with source as (
    {{ with_workspace(ref('series')) }}
),

final as (
    select
        series_id,
        chapter,
        city_chapter,
        coalesce(label, label_zh) as label,
        coalesce(label_zh, label) as label_zh,
        unit,
        min_value,
        max_value,
        row_origin
    from source
)

select * from final
