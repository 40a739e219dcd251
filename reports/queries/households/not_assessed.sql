-- One row per reason why households were not assessed, the commonest first.
select
    spoken(not_assessed_reason, not_assessed_reason_zh) as reason,
    count(*) as household_count
from marts.fct_household_anomalies
where survey_id = $survey_id and not is_assessed
group by not_assessed_reason, not_assessed_reason_zh
order by household_count desc, not_assessed_reason asc
