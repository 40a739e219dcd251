-- One row per reason why figures are worth a look, the commonest first.
select
    spoken(reason, reason_zh) as reason,
    count(*) as figure_count,
    count(distinct series_id) as series_count
from quality.qc_suspicious_observations
group by all
order by figure_count desc, reason asc
