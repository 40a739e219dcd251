with source as (
    {{ with_workspace(ref('sources')) }}
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
        note as quality_note,
        source_id in (select source_id from {{ ref('sources') }}) as is_shipped
    from source
)

select * from final
