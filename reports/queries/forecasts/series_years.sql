-- One row per year of a series under one model, with forecast and bounds.
select
    year,
    observed,
    fitted,
    forecast,
    lower_bound,
    upper_bound,
    interval_basis
from marts.fct_forecasts
where series_id = $series_id and model = $model
order by year
