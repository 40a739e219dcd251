-- One row per break inside a study's years and series, with its indicators.
select
    breaks.year,
    spoken(breaks.reason, breaks.reason_zh) as reason,
    spoken(series.label, series.label_zh) as series,
    array_agg(
        breaks.indicator_id order by indicators.indicator_position
    ) as indicators
from marts.fct_study_breaks as breaks
inner join marts.dim_series as series
    on breaks.series_id = series.series_id
inner join marts.dim_indicators as indicators
    on
        breaks.study_id = indicators.study_id
        and breaks.indicator_id = indicators.indicator_id
where breaks.study_id = $study_id
group by
    breaks.year,
    breaks.reason,
    breaks.reason_zh,
    spoken(series.label, series.label_zh)
order by breaks.year, breaks.reason, spoken(series.label, series.label_zh)
