-- One row per region, year and indicator: from its value to its part of D.
select
    parts.region_code,
    parts.year,
    parts.system_id,
    parts.indicator_id,
    spoken(indicators.label, indicators.label_zh) as label,
    indicators.unit,
    indicators.coverage_status = 'proxy' as is_proxy,
    parts.raw_value,
    parts.value_origin,
    parts.year_before,
    parts.year_after,
    parts.min_value,
    parts.max_value,
    parts.direction,
    parts.normalised_value,
    parts.weight,
    parts.score_contribution,
    parts.squared_distance_to_best as to_best,
    parts.squared_distance_to_worst as to_worst,
    parts.score_change_contribution as part_of_score_change,
    parts.coordination_change,
    parts.coordination_change_contribution as part_of_change,
    parts.obstacle_degree,
    parts.status,
    parts.change_status
from marts.fct_indicator_contributions as parts
inner join marts.dim_indicators as indicators
    on
        parts.study_id = indicators.study_id
        and parts.indicator_id = indicators.indicator_id
where
    parts.study_id = $study_id
    and parts.method_id = $method_id
    and parts.region_code = coalesce($region_code, parts.region_code)
    and parts.year = coalesce($year, parts.year)
order by
    parts.region_code,
    parts.year,
    indicators.indicator_position,
    parts.indicator_id
