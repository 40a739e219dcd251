-- One row per year with a result: highest and lowest D, range, variation.
--
-- The variation is missing where one region is computed or the mean is 0.
select
    year,
    computed_count as region_count,
    highest_coordination_degree as highest,
    lowest_coordination_degree as lowest,
    degree_range,
    coefficient_of_variation
from marts.fct_study_years
where study_id = $study_id and is_default_method and computed_count > 0
order by year
