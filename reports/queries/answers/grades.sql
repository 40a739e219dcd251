-- One row per grade of the study's scheme, the lowest first: its name.
select distinct
    grades.grade_level,
    spoken(grades.grade, grades.grade_zh) as grade
from marts.dim_grades as grades
inner join marts.dim_studies as studies
    on grades.grade_scheme_id = studies.grade_scheme_id
where studies.study_id = $study_id
order by grades.grade_level
