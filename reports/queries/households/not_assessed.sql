-- One row per reason why households were not assessed, the commonest first.
select
    not_assessed_reason as reason,
    count(*) as household_count
from marts.fct_household_anomalies
where survey_id = $survey_id and not is_assessed
group by not_assessed_reason
order by household_count desc, reason asc
