-- One row per method that computes a result, the default first: id and name.
select
    coupling.method_id,
    spoken(methods.label, methods.label_zh) as method,
    coupling.is_default_method
from marts.fct_coupling as coupling
inner join marts.dim_methods as methods
    on coupling.method_id = methods.method_id
where coupling.study_id = $study_id and coupling.status = 'computed'
group by all
order by coupling.is_default_method desc, coupling.method_id asc
