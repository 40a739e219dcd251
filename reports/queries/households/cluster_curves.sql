-- One row per number of clusters tried.
select *
from marts.fct_household_cluster_curves
where survey_id = $survey_id
order by cluster_count
