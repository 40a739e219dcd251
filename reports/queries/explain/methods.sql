-- One row per method that a study is worked out under.
select distinct method_id
from marts.fct_coupling
where study_id = $study_id
order by method_id
