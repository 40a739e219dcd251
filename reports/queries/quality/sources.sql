-- One row per source and series, with the letter of its figures.
select
    spoken(series.label, series.label_zh) as label,
    sources.*
from marts.dim_sources as sources
inner join marts.dim_series as series
    on sources.series_id = series.series_id
order by sources.quality desc, sources.series_id asc, sources.source_id asc
