-- One row per source and series, with the letter of its figures.
select
    spoken(series.label, series.label_zh) as label,
    sources.quality,
    sources.copies_compared,
    sources.figure_count,
    sources.first_year,
    sources.last_year,
    offices_spoken(sources.publisher, sources.publisher_zh) as publisher,
    spoken(sources.title, sources.title_zh) as title,
    spoken(sources.quality_note, sources.quality_note_zh) as quality_note
from marts.dim_sources as sources
inner join marts.dim_series as series
    on sources.series_id = series.series_id
order by sources.quality desc, sources.series_id asc, sources.source_id asc
