-- One row per study: `quality.qc_study_coverage` with its name.
select
    spoken(studies.label, studies.label_zh) as study,
    coverage.*
from quality.qc_study_coverage as coverage
inner join marts.dim_studies as studies
    on coverage.study_id = studies.study_id
order by studies.paper_id nulls last, studies.study_id
