-- One row per household of the map, at most 1,500 flagged and 1,500 others.
--
-- Which of them is settled by a hash of the household_id, so it stays the same.
with households as (
    select
        clusters.household_id,
        clusters.cluster,
        clusters.component_1,
        clusters.component_2,
        coalesce(anomalies.is_anomaly, false) as is_anomaly
    from marts.fct_household_clusters as clusters
    inner join marts.fct_household_anomalies as anomalies
        on
            clusters.survey_id = anomalies.survey_id
            and clusters.household_id = anomalies.household_id
    where clusters.survey_id = $survey_id
)

select
    cluster,
    component_1,
    component_2,
    is_anomaly
from households
qualify
    row_number() over (
        partition by is_anomaly order by md5(household_id), household_id
    ) <= $points
order by is_anomaly, md5(household_id), household_id
