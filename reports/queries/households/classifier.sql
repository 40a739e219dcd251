-- One row per metric of the forest and what it is about.
select
    metric,
    about,
    value,
    status,
    spoken(status, status_zh) as reason
from marts.fct_anomaly_classifier
where survey_id = $survey_id
order by metric, about
