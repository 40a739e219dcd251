-- One row per indicator and source of its figures: whose they are, and how good.
--
-- The source is that of the observations; figures of a user's own have their own.
select distinct
    used.indicator_id,
    case
        when used.series_id = indicators.numerator_series_id then 1
        when used.series_id = indicators.denominator_series_id then 2
        else 3
    end as place,
    spoken(sources.title, sources.title_zh) as title,
    sources.quality,
    sources.quality_note,
    sources.quality_note_zh,
    sources.figure_origin,
    sources.source_id
from marts.fct_indicator_sources as used
inner join marts.dim_indicators as indicators
    on
        used.study_id = indicators.study_id
        and used.indicator_id = indicators.indicator_id
inner join marts.dim_sources as sources
    on
        used.source_id = sources.source_id
        and used.series_id = sources.series_id
where used.study_id = $study_id
order by used.indicator_id, place, sources.figure_origin, sources.source_id
