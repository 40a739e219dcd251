-- One row: the default method of the study, with its choice at every step.
select methods.*
from marts.dim_methods as methods
inner join marts.dim_studies as studies
    on methods.method_id = studies.default_method_id
where studies.study_id = $study_id
