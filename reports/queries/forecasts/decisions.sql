-- One row per attitude set, region and basis of the loss rate.
select
    decisions.attitude_set_id,
    spoken(decisions.attitude_set, decisions.attitude_set_zh) as attitudes,
    region_name(regions.region, regions.name_zh) as region,
    decisions.loss_rate_basis,
    decisions.client_risk_attitude,
    decisions.insurer_risk_attitude,
    decisions.expected_loss_rate_pct,
    decisions.maximum_loss_rate_pct,
    decisions.decision,
    spoken(decisions.selected_hazards, decisions.selected_hazards_zh)
        as selected_hazards,
    decisions.is_selection_largest,
    spoken(decisions.largest_set_hazards, decisions.largest_set_hazards_zh)
        as largest_set_hazards,
    decisions.premium_rate_low_pct,
    decisions.premium_rate_high_pct,
    spoken(decisions.reason, decisions.reason_zh) as reason
from marts.fct_underwriting_decisions as decisions
inner join marts.dim_regions as regions
    on decisions.region_code = regions.region_code
order by
    case when decisions.attitude_set_id like 'paper%' then 0 else 1 end,
    decisions.attitude_set_id,
    regions.region,
    decisions.loss_rate_basis
