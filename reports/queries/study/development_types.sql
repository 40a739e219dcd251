-- One row per type of relative development of the study, from the lowest.
select
    types.lags,
    types.lower_bound,
    types.upper_bound
from marts.dim_development_types as types
inner join marts.dim_studies as studies
    on types.threshold_set_id = studies.development_threshold_set
where studies.study_id = $study_id
order by types.type_position
