-- One row per household: those of the highest deciding score.
--
-- Flagged by the screen, also where a reviewer says otherwise, or by a reviewer;
-- those that the screen did not flag have no score and come last.
select
    households.household_id,
    households.region_code,
    region_name(regions.region, regions.name_zh) as region,
    households.survey_year,
    households.deciding_detector,
    households.deciding_score,
    spoken(households.anomaly_reason, households.anomaly_reason_zh)
        as anomaly_reason,
    households.is_anomaly,
    households.is_overridden
from marts.fct_household_anomalies as households
left join marts.dim_regions as regions
    on households.region_code = regions.region_code
where
    households.survey_id = $survey_id
    and (
        coalesce(households.is_anomaly, false)
        or households.deciding_score is not null
    )
order by households.deciding_score desc nulls last, households.household_id asc
limit $listed
