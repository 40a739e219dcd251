-- One row: the study.
select *
from marts.dim_studies
where study_id = $study_id
