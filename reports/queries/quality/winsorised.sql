-- One row per survey and amount: values pulled back to a quantile, by bound.
select
    survey_id,
    column_name,
    count(*) filter (where bound = 'lower') as lower_count,
    count(*) filter (where bound = 'upper') as upper_count
from quality.qc_winsorised_household_values
group by survey_id, column_name
order by survey_id, column_name
