-- One row per principal component and feature.
select
    component,
    feature,
    loading,
    explained_variance_ratio
from marts.fct_household_component_loadings
where survey_id = $survey_id
order by component, feature
