-- One row per attitude set, region and basis of the loss rate.
select
    decisions.*,
    region_name(regions.region, regions.name_zh) as region
from marts.fct_underwriting_decisions as decisions
inner join marts.dim_regions as regions
    on decisions.region_code = regions.region_code
order by
    case when decisions.attitude_set_id like 'paper%' then 0 else 1 end,
    decisions.attitude_set_id,
    regions.region,
    decisions.loss_rate_basis
