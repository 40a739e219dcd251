-- One row per region and obstacle of the last year, the eight largest of each.
select
    obstacles.region_code,
    obstacles.item_id as indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    obstacles.obstacle_degree
from marts.fct_obstacle_rankings as obstacles
inner join marts.fct_study_years as years
    on
        obstacles.study_id = years.study_id
        and obstacles.method_id = years.method_id
        and obstacles.year = years.year
        and years.is_result_year
        and years.is_default_method
inner join marts.dim_regions as regions
    on obstacles.region_code = regions.region_code
inner join marts.dim_indicators as indicators
    on
        obstacles.study_id = indicators.study_id
        and obstacles.item_id = indicators.indicator_id
where
    obstacles.study_id = $study_id
    and obstacles.level = 'indicator'
qualify
    row_number() over (
        partition by obstacles.region_code
        order by obstacles.obstacle_rank, indicators.indicator_position
    ) <= $listed
order by
    obstacles.region_code,
    obstacles.obstacle_rank,
    indicators.indicator_position
