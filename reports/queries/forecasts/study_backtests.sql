-- One row per model and horizon: errors over the regions of a study.
--
-- mean_absolute_error weighs every error alike; error_by_naive divides it by that of
-- the naive model; best_count is the number of regions where the model is best.
with measured as (
    select
        model,
        horizon_years,
        cast(sum(origin_count) as int) as error_count,
        cast(
            sum(cast(mean_absolute_error * origin_count as decimal(38, 18)))
            as double
        ) / nullif(sum(origin_count), 0) as mean_absolute_error,
        cast(count(*) filter (where is_best_model) as int) as best_count
    from marts.fct_forecast_backtests
    where study_id = $study_id
    group by model, horizon_years
)

select
    measured.*,
    measured.mean_absolute_error
    / nullif(naive.mean_absolute_error, 0) as error_by_naive
from measured
left join measured as naive
    on
        measured.horizon_years = naive.horizon_years
        and naive.model = 'naive'
order by measured.horizon_years, measured.model
