with accuracies as (
    select * from {{ ref('int_forecast_accuracies') }}
),

series as (
    select distinct
        series_id,
        subject,
        study_id,
        region_code,
        hazard,
        unit
    from {{ ref('int_forecast_series') }}
),

final as (
    select
        accuracies.series_id,
        accuracies.model,
        cast(accuracies.horizon as int) as horizon_years,
        series.subject,
        series.study_id,
        series.region_code,
        series.hazard,
        series.unit,
        cast(accuracies.origin_count as int) as origin_count,
        accuracies.mean_absolute_error,
        accuracies.root_mean_squared_error,
        accuracies.mape_pct,
        accuracies.mae_by_naive,
        accuracies.is_best as is_best_model
    from accuracies
    inner join series on accuracies.series_id = series.series_id
)

select * from final
