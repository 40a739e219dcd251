-- One row per system, in the order of the study: its name.
select
    system_id,
    spoken(label, label_zh) as label
from marts.dim_systems
where study_id = $study_id
order by system_position
