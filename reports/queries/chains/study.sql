-- One row: the study of a chain.
select
    study_id,
    spoken(label, label_zh) as label,
    default_method_id,
    first_year
from marts.dim_studies
where study_id = $study_id
