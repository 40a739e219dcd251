-- What is forecast: D of every region under its study's default method, and loss rates.
-- A pool holds series alike enough to share their errors: the regions of a study; a
-- loss rate has none but itself, since hazards differ a hundredfold in size.
with coupled as (
    select * from {{ ref('int_systems_coupled') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

losses as (
    select * from {{ ref('int_loss_rates') }}
),

settings as (
    select * from {{ ref('stg_forecasts__settings') }}
),

degrees as (
    select
        'coupling_coordination_degree:' || coupled.study_id || ':'
        || coupled.region_code as series_id,
        'coupling_coordination_degree' as subject,
        coupled.study_id as scope,
        coupled.study_id,
        coupled.region_code,
        cast(null as string) as hazard,
        coupled.year,
        coupled.coupling_coordination_degree as value,
        'none' as unit,
        cast(1 as double) as upper_bound,
        'coupling_coordination_degree:' || coupled.study_id as pool_id
    from coupled
    inner join studies
        on
            coupled.study_id = studies.study_id
            and coupled.method_id = studies.default_method_id
),

loss_rates as (
    select
        'loss_rate_pct:' || region_code || ':' || hazard as series_id,
        'loss_rate_pct' as subject,
        hazard as scope,
        cast(null as string) as study_id,
        region_code,
        hazard,
        year,
        loss_rate_pct as value,
        '%' as unit,
        cast(null as double) as upper_bound,
        'loss_rate_pct:' || region_code || ':' || hazard as pool_id
    from losses
),

stacked as (
    select * from degrees
    union all
    select * from loss_rates
),

-- the setting of the series' own scope wins over that of all
set_up as (
    select
        stacked.*,
        settings.training_years,
        settings.horizon_years,
        settings.minimum_training_years,
        settings.interval_level,
        settings.is_used
    from stacked
    inner join settings
        on
            stacked.subject = settings.subject
            and settings.scope in (stacked.scope, 'all')
    qualify
        row_number() over (
            partition by stacked.series_id, stacked.year
            order by case when settings.scope = 'all' then 1 else 0 end
        ) = 1
),

final as (
    select
        series_id,
        subject,
        study_id,
        region_code,
        hazard,
        year,
        value,
        unit,
        cast(0 as double) as lower_bound,
        upper_bound,
        pool_id,
        training_years,
        horizon_years,
        minimum_training_years,
        interval_level
    from set_up
    where is_used
)

select * from final
