-- One row per region, year and indicator in use: its share in what is lacking.
select
    obstacles.region_code,
    region_name(regions.region, regions.name_zh) as region,
    obstacles.year,
    obstacles.indicator_id,
    spoken(indicators.label, indicators.label_zh) as indicator,
    spoken(systems.label, systems.label_zh) as system,
    obstacles.deviation,
    obstacles.obstacle_degree,
    obstacles.obstacle_rank,
    obstacles.status
from marts.fct_obstacles as obstacles
inner join marts.dim_studies as studies
    on
        obstacles.study_id = studies.study_id
        and obstacles.method_id = studies.default_method_id
inner join marts.dim_regions as regions
    on obstacles.region_code = regions.region_code
inner join marts.dim_indicators as indicators
    on
        obstacles.study_id = indicators.study_id
        and obstacles.indicator_id = indicators.indicator_id
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
where obstacles.study_id = $study_id
order by
    obstacles.region_code,
    obstacles.year,
    systems.system_position,
    indicators.indicator_position
