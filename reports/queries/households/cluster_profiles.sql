-- One row per cluster, the largest first.
select *
from marts.fct_household_cluster_profiles
where survey_id = $survey_id
order by cluster
