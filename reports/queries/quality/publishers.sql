-- One row per publisher and origin of figures, those with most figures first.
select
    offices_spoken(sources.publisher, sources.publisher_zh) as publisher,
    sources.figure_origin,
    count(distinct sources.series_id) as series_count,
    sum(sources.figure_count) as figure_count,
    min(sources.first_year) as first_year,
    max(sources.last_year) as last_year
from marts.dim_sources as sources
group by sources.publisher, sources.publisher_zh, sources.figure_origin
order by figure_count desc, sources.publisher asc, sources.figure_origin asc
