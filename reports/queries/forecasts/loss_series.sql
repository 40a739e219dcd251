-- One row per series of loss rates that GM(1,1) was tried on.
select
    models.*,
    spoken(models.status_reason, models.status_reason_zh) as reason,
    region_name(regions.region, regions.name_zh) as region
from marts.fct_forecast_models as models
inner join marts.dim_regions as regions
    on models.region_code = regions.region_code
where models.subject = 'loss_rate_pct' and models.status <> 'no_values'
order by regions.region, models.hazard
