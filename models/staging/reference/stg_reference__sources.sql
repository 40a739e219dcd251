with source as (
    {{ with_workspace(ref('sources')) }}
),

shipped as (
    select source_id from {{ ref('sources') }}
),

final as (
    select
        source.source_id,
        source.series_id,
        source.level as region_level,
        source.publisher,
        coalesce(source.publisher_zh, source.publisher) as publisher_zh,
        source.title,
        coalesce(source.title_zh, source.title) as title_zh,
        source.citation,
        coalesce(source.citation_zh, source.citation) as citation_zh,
        source.first_year,
        source.last_year,
        source.figures as figure_count,
        source.copies_compared,
        source.quality,
        coalesce(source.note, source.note_zh) as quality_note,
        coalesce(source.note_zh, source.note) as quality_note_zh,
        shipped.source_id is not null as is_shipped
    from source
    left join shipped on source.source_id = shipped.source_id
)

select * from final
