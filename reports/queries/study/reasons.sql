-- One row per reason of the study's results, and whether it is that they are computed.
select
    coalesce(spoken(status_reason, status_reason_zh), status) as reason,
    status = 'computed' as is_computed
from marts.fct_coupling
where study_id = $study_id and is_default_method
group by all
order by reason
