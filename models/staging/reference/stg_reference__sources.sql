with source as (
    select * from {{ ref('sources') }}
),

final as (
    select
        source_id,
        series_id,
        publisher,
        title,
        citation,
        first_year,
        last_year,
        figures as figure_count,
        copies_compared,
        quality,
        note as quality_note
    from source
)

select * from final
