-- One row per year and grade level that occurs; level NULL counts the rest.
select
    year,
    grade_level,
    count(*) as region_count
from marts.fct_coupling
where study_id = $study_id and is_default_method
group by year, grade_level
order by year, grade_level nulls last
