-- One row per study whose default method computes two regions: its id.
select study_id from marts.fct_coupling
where is_default_method and status = 'computed'
group by study_id
having count(distinct region_code) >= 2
order by study_id
