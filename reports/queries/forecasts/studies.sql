-- One row per study with forecasts: study_id, label, paper_id.
select
    studies.study_id,
    studies.label,
    studies.label_zh,
    studies.paper_id
from marts.dim_studies as studies
where
    studies.study_id in (
        select forecasts.study_id from marts.fct_forecasts as forecasts
    )
order by studies.paper_id nulls last, studies.study_id
