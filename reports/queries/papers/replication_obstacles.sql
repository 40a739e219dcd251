-- One row per study, printed year and region, under the default method.
select
    obstacles.*,
    studies.paper_id,
    spoken(studies.label, studies.label_zh) as study,
    region_name(regions.region, regions.name_zh) as region
from marts.fct_replication_obstacles as obstacles
inner join marts.dim_studies as studies
    on obstacles.study_id = studies.study_id
left join marts.dim_regions as regions
    on obstacles.region_code = regions.region_code
where obstacles.is_default_method
order by obstacles.study_id, obstacles.printed_year, obstacles.region_code
