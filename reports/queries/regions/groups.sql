-- One row per region of any study and grouping that one of its studies names.
with asked as (
    select distinct
        coupling.region_code,
        studies.grouping_id
    from marts.fct_coupling as coupling
    inner join marts.dim_studies as studies
        on coupling.study_id = studies.study_id
)

select
    members.region_code,
    members.grouping_id,
    spoken(members.grouping_label, members.grouping_label_zh) as grouping_name,
    group_label(members.group_label, members.group_label_zh) as name
from marts.dim_region_groups as members
inner join asked
    on
        members.region_code = asked.region_code
        and members.grouping_id = asked.grouping_id
order by members.region_code, members.grouping_id
