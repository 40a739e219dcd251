-- One row per held-out part and scale.
select
    *,
    spoken(status, status_zh) as reason
from marts.fct_consumption_model
where survey_id = $survey_id
order by held_out, scale
