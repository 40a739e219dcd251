-- One row per series behind the indicators in use and source of its figures.
--
-- The source is that of the observations: figures of a user's own are cited as the
-- user's, whatever series they belong to.
select distinct
    series.series_id,
    spoken(series.label, series.label_zh) as label,
    series.unit,
    sources.publisher,
    sources.publisher_zh,
    citation_spoken(
        sources.citation, sources.citation_zh, series.label, series.label_zh
    ) as citation,
    sources.quality,
    sources.figure_origin,
    spoken(sources.title, sources.title_zh) as title,
    sources.source_id
from marts.fct_indicator_sources as used
inner join marts.dim_series as series on used.series_id = series.series_id
inner join marts.dim_sources as sources
    on
        used.source_id = sources.source_id
        and used.series_id = sources.series_id
inner join marts.dim_indicators as indicators
    on
        used.study_id = indicators.study_id
        and used.indicator_id = indicators.indicator_id
where used.study_id = $study_id and indicators.is_computed
order by series.series_id, sources.figure_origin, sources.source_id
