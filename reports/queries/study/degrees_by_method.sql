-- One row per method and region computed in the last year, the default first.
select
    coupling.method_id,
    spoken(methods.label, methods.label_zh) as method,
    coupling.is_default_method,
    coupling.region_code,
    coupling.coupling_coordination_degree
from marts.fct_coupling as coupling
inner join marts.fct_study_years as years
    on
        coupling.study_id = years.study_id
        and coupling.year = years.year
        and years.is_result_year
        and years.is_default_method
inner join marts.dim_methods as methods
    on coupling.method_id = methods.method_id
where coupling.study_id = $study_id and coupling.status = 'computed'
order by
    coupling.is_default_method desc,
    coupling.method_id asc,
    coupling.region_code asc
