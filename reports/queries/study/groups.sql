-- One row per group of the grouping that a study names, in its order; or none.
select distinct
    members.group_id,
    group_label(members.group_label, members.group_label_zh) as name,
    members.group_position
from marts.dim_region_groups as members
inner join marts.dim_studies as studies
    on members.grouping_id = studies.grouping_id
where studies.study_id = $study_id
order by members.group_position, members.group_id
