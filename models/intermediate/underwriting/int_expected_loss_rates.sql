-- Two views of next year: what GM(1,1) forecasts, and the mean of what was observed.
with losses as (
    select * from {{ ref('int_loss_rates') }}
),

forecasts as (
    select * from {{ ref('int_series_forecast') }}
),

observed as (
    select
        region_code,
        hazard,
        cast(max(year) + 1 as int) as year,
        {{ exact_sum('loss_rate_pct') }} / nullif(count(loss_rate_pct), 0) as mean_pct
    from losses
    group by region_code, hazard
),

forecast as (
    select
        observed.region_code,
        observed.hazard,
        observed.year,
        'gm11_forecast' as loss_rate_basis,
        forecasts.forecast as expected_loss_rate_pct
    from observed
    left join forecasts
        on
            forecasts.series_id
            = 'loss_rate_pct:' || observed.region_code || ':' || observed.hazard
            and forecasts.model = 'gm11'
            and observed.year = forecasts.year
),

mean as (
    select
        region_code,
        hazard,
        year,
        'observed_mean' as loss_rate_basis,
        mean_pct as expected_loss_rate_pct
    from observed
),

final as (
    select * from forecast
    union all
    select * from mean
)

select * from final
