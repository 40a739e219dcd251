with observations as (
    select * from {{ ref('int_observations') }}
),

final as (
    select
        region_code,
        year,
        series_id,
        value,
        source_id,
        quality,
        quality_note,
        quality_note_zh,
        figure_origin,
        shipped_value
    from observations
)

select * from final
