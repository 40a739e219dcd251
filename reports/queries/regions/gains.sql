-- One row per region, study and indicator that would raise D most, last year.
select
    gains.region_code,
    gains.study_id,
    gains.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    spoken(systems.label, systems.label_zh) as system,
    indicators.coverage_status = 'proxy' as is_proxy,
    gains.normalised_value,
    gains.coordination_gain
from marts.fct_marginal_gains as gains
inner join marts.fct_study_years as years
    on
        gains.study_id = years.study_id
        and gains.method_id = years.method_id
        and gains.year = years.year
        and years.is_result_year
        and years.is_default_method
inner join marts.dim_indicators as indicators
    on
        gains.study_id = indicators.study_id
        and gains.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        gains.study_id = systems.study_id
        and gains.system_id = systems.system_id
where gains.gain_rank is not null
qualify
    row_number() over (
        partition by gains.region_code, gains.study_id
        order by gains.gain_rank, indicators.indicator_position
    ) <= $named
order by
    gains.region_code,
    gains.study_id,
    gains.gain_rank,
    indicators.indicator_position
