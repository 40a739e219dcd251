-- One row per indicator in use whose value is another's in every region and year.
--
-- Those of one `figures` share their values; the groups and the indicators in them
-- come in the order of the study.
select
    found.first_place as figures,
    found.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    indicators.coverage_status = 'proxy' as is_proxy,
    spoken(systems.label, systems.label_zh) as system
from quality.qc_same_figures as found
inner join marts.dim_indicators as indicators
    on
        found.study_id = indicators.study_id
        and found.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
where found.study_id = $study_id
order by found.first_place, found.place
