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
        source.title,
        source.citation,
        source.first_year,
        source.last_year,
        source.figures as figure_count,
        source.copies_compared,
        source.quality,
        source.note as quality_note,
        shipped.source_id is not null as is_shipped
    from source
    left join shipped on source.source_id = shipped.source_id
)

select * from final
