-- One row per held-out part and scale.
select *
from marts.fct_consumption_model
where survey_id = $survey_id
order by held_out, scale
