-- One row per indicator, and per year where a method weighs year by year.
select
    weights.system_id,
    spoken(systems.label, systems.label_zh) as system,
    spoken(indicators.criterion, indicators.criterion_zh) as criterion,
    weights.indicator_id,
    spoken(indicators.label, indicators.label_zh) as indicator,
    indicators.unit,
    indicators.direction,
    weights.year,
    weights.weight,
    weights.study_weight,
    weights.status
from marts.fct_indicator_weights as weights
inner join marts.dim_studies as studies
    on
        weights.study_id = studies.study_id
        and weights.method_id = studies.default_method_id
inner join marts.dim_indicators as indicators
    on
        weights.study_id = indicators.study_id
        and weights.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
where weights.study_id = $study_id
order by systems.system_position, indicators.indicator_position, weights.year
