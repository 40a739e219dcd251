-- One row per grade of the study's scheme, the lowest first.
select
    grades.grade_level,
    grades.grade,
    grades.grade_zh,
    grades.lower_bound,
    grades.upper_bound,
    grades.closed_side
from marts.dim_grades as grades
inner join marts.dim_studies as studies
    on grades.grade_scheme_id = studies.grade_scheme_id
where studies.study_id = $study_id
order by grades.grade_level
