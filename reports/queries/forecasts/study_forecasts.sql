-- One row per region and horizon: a model's forecast of D, by the last degree.
with last_degrees as (
    select
        series_id,
        max(year) as last_year,
        max_by(observed, year) as last_degree
    from marts.fct_forecasts
    where study_id = $study_id and model = $model and observed is not null
    group by series_id
)

select
    forecasts.region_code,
    region_name(regions.region, regions.name_zh) as region,
    last_degrees.last_year,
    last_degrees.last_degree,
    forecasts.year,
    forecasts.horizon_years,
    forecasts.forecast,
    forecasts.lower_bound,
    forecasts.upper_bound,
    forecasts.interval_basis,
    forecasts.interval_error_count,
    forecasts.interval_level,
    spoken(forecasts.status_reason, forecasts.status_reason_zh) as reason
from marts.fct_forecasts as forecasts
inner join last_degrees on forecasts.series_id = last_degrees.series_id
inner join marts.dim_regions as regions
    on forecasts.region_code = regions.region_code
where forecasts.model = $model and forecasts.horizon_years is not null
order by
    round(last_degrees.last_degree, 12) desc,
    forecasts.region_code,
    forecasts.horizon_years asc
