-- One row per year and indicator: mean obstacle degree over regions, by rank.
select
    obstacles.year,
    obstacles.obstacle_rank,
    obstacles.item_id as indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    indicators.system_id,
    obstacles.obstacle_degree
from marts.fct_obstacle_rankings as obstacles
inner join marts.dim_studies as studies
    on
        obstacles.study_id = studies.study_id
        and obstacles.method_id = studies.default_method_id
inner join marts.dim_indicators as indicators
    on
        obstacles.study_id = indicators.study_id
        and obstacles.item_id = indicators.indicator_id
where
    obstacles.study_id = $study_id
    and obstacles.region_code = 'ALL'
    and obstacles.level = 'indicator'
order by
    obstacles.year,
    obstacles.obstacle_rank,
    indicators.indicator_position,
    indicators.indicator_id
