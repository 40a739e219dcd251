-- Bounds: the forecast plus and minus half the width that the backtest allows, cut to
-- what the series can be.
with forecasts as (
    select * from {{ ref('int_series_forecast') }}
),

accuracies as (
    select * from {{ ref('int_forecast_accuracies') }}
),

series as (
    select distinct
        series_id,
        subject,
        study_id,
        region_code,
        hazard,
        unit,
        lower_bound,
        upper_bound
    from {{ ref('int_forecast_series') }}
),

final as (
    select
        forecasts.series_id,
        forecasts.model,
        cast(forecasts.year as int) as year,
        series.subject,
        series.study_id,
        series.region_code,
        series.hazard,
        series.unit,
        cast(forecasts.horizon as int) as horizon_years,
        forecasts.is_training as is_training_year,
        forecasts.observed,
        forecasts.fitted,
        forecasts.forecast,
        case
            when forecasts.forecast - accuracies.half_width < series.lower_bound
                then series.lower_bound
            else forecasts.forecast - accuracies.half_width
        end as lower_bound,
        case
            when forecasts.forecast + accuracies.half_width > series.upper_bound
                then series.upper_bound
            else forecasts.forecast + accuracies.half_width
        end as upper_bound,
        accuracies.interval_level,
        case
            when forecasts.forecast is not null then accuracies.interval_basis
        end as interval_basis,
        cast(accuracies.interval_error_count as int) as interval_error_count,
        cast(accuracies.interval_series_count as int) as interval_series_count,
        accuracies.mean_absolute_error as backtest_mean_absolute_error,
        cast(accuracies.origin_count as int) as backtest_origin_count,
        forecasts.is_cut,
        coalesce(accuracies.is_best, false) as is_best_model,
        forecasts.status,
        forecasts.status_reason,
        forecasts.status_reason_zh
    from forecasts
    inner join series on forecasts.series_id = series.series_id
    left join accuracies
        on
            forecasts.series_id = accuracies.series_id
            and forecasts.model = accuracies.model
            and forecasts.horizon = accuracies.horizon
)

select * from final
