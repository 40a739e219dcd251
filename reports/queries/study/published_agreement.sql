-- One row per year that the paper prints; none for a study without an audit.
select
    year,
    region_count,
    pearson_correlation,
    spearman_correlation,
    mean_absolute_difference,
    mean_difference,
    mean_coupling_degree_difference,
    equal_grade_share
from marts.fct_replication
where study_id = $study_id and is_default_method
order by year
