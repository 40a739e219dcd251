-- One row per indicator without a weight and reason.
select distinct
    indicators.indicator_position,
    weights.indicator_id,
    spoken(indicators.label, indicators.label_zh) as label,
    weights.status,
    coalesce(
        spoken(weights.status_reason, weights.status_reason_zh), weights.status
    ) as reason
from marts.fct_indicator_weights as weights
inner join marts.dim_studies as studies
    on
        weights.study_id = studies.study_id
        and weights.method_id = studies.default_method_id
inner join marts.dim_indicators as indicators
    on
        weights.study_id = indicators.study_id
        and weights.indicator_id = indicators.indicator_id
where weights.study_id = $study_id and weights.status <> 'used'
order by indicators.indicator_position, weights.indicator_id, weights.status
