-- One row per series, with the source stated for it, and one more for each source of
-- figures that the study uses; the latter have a source_id.
with used as (
    select distinct
        series_id,
        source_id
    from marts.fct_indicator_sources
    where study_id = $study_id
)

select
    series_id,
    spoken(label, label_zh) as label,
    unit,
    null as source_id,
    series_id as anchor,
    citation_spoken(citation, citation_zh, label, label_zh) as citation,
    quality,
    spoken(quality_note, quality_note_zh) as quality_note
from marts.dim_series
union all
select
    series.series_id,
    spoken(series.label, series.label_zh) as label,
    series.unit,
    sources.source_id,
    case
        when sources.source_id = series.source_id then series.series_id
        else concat(series.series_id, '-', md5(sources.source_id)[:8])
    end as anchor,
    citation_spoken(
        sources.citation, sources.citation_zh, series.label, series.label_zh
    ) as citation,
    sources.quality,
    spoken(sources.quality_note, sources.quality_note_zh) as quality_note
from used
inner join marts.dim_series as series on used.series_id = series.series_id
inner join marts.dim_sources as sources
    on
        used.series_id = sources.series_id
        and used.source_id = sources.source_id
order by 1, 4
