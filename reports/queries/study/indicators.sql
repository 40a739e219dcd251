-- One row per indicator of the study, with the series that it is derived from.
--
-- Columns of the first and second series are prefixed `a_` and `b_`; they are missing
-- where the operator takes fewer.
select
    indicators.*,
    spoken(systems.label, systems.label_zh) as system,
    spoken(a.label, a.label_zh) as a_label,
    spoken(a.title, a.title_zh) as a_title,
    a.quality as a_quality,
    a.quality_note as a_quality_note,
    a.quality_note_zh as a_quality_note_zh,
    spoken(b.label, b.label_zh) as b_label,
    spoken(b.title, b.title_zh) as b_title,
    b.quality as b_quality,
    b.quality_note as b_quality_note,
    b.quality_note_zh as b_quality_note_zh
from marts.dim_indicators as indicators
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
left join marts.dim_series as a
    on indicators.numerator_series_id = a.series_id
left join marts.dim_series as b
    on indicators.denominator_series_id = b.series_id
where indicators.study_id = $study_id
order by
    systems.system_position,
    indicators.indicator_position,
    indicators.indicator_id
