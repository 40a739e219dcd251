-- One row per indicator with its weight in the system and in the study.
--
-- Where weights are set year by year, those of the last year computed.
select
    weights.year,
    weights.system_id,
    spoken(systems.label, systems.label_zh) as system,
    systems.contribution,
    spoken(indicators.criterion, indicators.criterion_zh) as criterion,
    weights.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    weights.weight,
    weights.study_weight,
    weights.status
from marts.fct_indicator_weights as weights
inner join marts.fct_study_years as years
    on
        weights.study_id = years.study_id
        and weights.method_id = years.method_id
        and coalesce(weights.year, years.year) = years.year
        and years.is_result_year
        and years.is_default_method
inner join marts.dim_indicators as indicators
    on
        weights.study_id = indicators.study_id
        and weights.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        weights.study_id = systems.study_id
        and weights.system_id = systems.system_id
where weights.study_id = $study_id
order by
    systems.system_position,
    min(indicators.indicator_position) over (
        partition by weights.system_id, indicators.criterion
    ),
    indicators.criterion,
    indicators.indicator_position,
    weights.indicator_id
