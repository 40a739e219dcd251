-- One row per year with a result: mean C, T and D over the regions computed.
select
    year,
    computed_count as region_count,
    mean_coupling_degree as coupling_degree,
    mean_comprehensive_index as comprehensive_index,
    mean_coordination_degree as coupling_coordination_degree
from marts.fct_study_years
where study_id = $study_id and is_default_method and computed_count > 0
order by year
