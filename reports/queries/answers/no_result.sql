-- One row per reason why regions have no result: how many cells, regions, years.
select
    coupling.status,
    coalesce(
        spoken(coupling.status_reason, coupling.status_reason_zh), coupling.status
    ) as reason,
    count(*) as cells,
    count(distinct coupling.region_code) as regions,
    min(coupling.year) as first_year,
    max(coupling.year) as last_year
from marts.fct_coupling as coupling
where
    coupling.study_id = $study_id
    and coupling.is_default_method
    and coupling.status <> 'computed'
group by all
order by cells desc, coupling.status asc
