-- One row per group and year: mean D over its regions computed, and their number.
--
-- Groups are those of the grouping that the study names, in its order; there are none
-- of a study without one.
with groups as (
    select distinct
        grouping_id,
        group_id,
        group_label(group_label, group_label_zh) as name
    from marts.dim_region_groups
)

select
    means.group_id as belt,
    groups.name,
    means.year,
    means.mean_coordination_degree as degree,
    means.computed_count as region_count
from marts.fct_group_years as means
inner join groups
    on means.grouping_id = groups.grouping_id and means.group_id = groups.group_id
where means.study_id = $study_id and means.is_default_method
order by means.group_position, means.group_id, means.year
