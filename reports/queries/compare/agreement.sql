-- One row per pair of methods and year: how alike both rank and grade the regions.
--
-- `spearman` and `pearson` are missing where D does not differ, `moved_region_code`
-- where all ranks are equal.
select
    first_method_id,
    second_method_id,
    year,
    region_count,
    spearman_correlation as spearman,
    pearson_correlation as pearson,
    equal_grade_share,
    greatest_move,
    moved_region_code
from marts.fct_method_agreement
where study_id = $study_id
order by first_method_id, second_method_id, year
