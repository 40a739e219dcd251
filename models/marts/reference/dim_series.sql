with series as (
    select * from {{ ref('stg_reference__series') }}
),

sources as (
    select * from {{ ref('stg_reference__sources') }}
),

final as (
    select
        series.series_id,
        series.chapter,
        series.label,
        series.label_zh,
        series.unit,
        sources.source_id,
        sources.publisher,
        sources.title,
        sources.citation,
        sources.first_year,
        sources.last_year,
        sources.figure_count,
        sources.copies_compared,
        sources.quality,
        sources.quality_note
    from series
    inner join sources on series.series_id = sources.series_id
)

select * from final
