-- One row per model and horizon of one series.
select
    model,
    horizon_years,
    origin_count,
    mean_absolute_error,
    mae_by_naive,
    is_best_model
from marts.fct_forecast_backtests
where series_id = $series_id
order by horizon_years, model
