with models as (
    select * from {{ ref('int_grey_models') }}
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
        models.series_id,
        series.subject,
        series.study_id,
        series.region_code,
        series.hazard,
        series.unit,
        cast(models.first_training_year as int) as first_training_year,
        cast(models.last_training_year as int) as last_training_year,
        cast(models.point_count as int) as point_count,
        models.development_coefficient,
        models.grey_input,
        models.mape_pct,
        models.variance_ratio,
        models.small_error_probability,
        models.accuracy_class,
        models.level_ratio_bound_low,
        models.level_ratio_bound_high,
        models.lowest_level_ratio,
        models.highest_level_ratio,
        models.level_ratio_pass_share,
        models.is_level_ratio_passed,
        models.status,
        models.status_reason,
        models.status_reason_zh
    from models
    inner join series on models.series_id = series.series_id
)

select * from final
