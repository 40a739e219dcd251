-- One row per client and insurer attitude: the maximum loss rate and its class.
select distinct
    client_risk_attitude,
    insurer_risk_attitude,
    maximum_loss_rate_pct,
    limit_class
from marts.fct_underwriting_sensitivity
order by client_risk_attitude, insurer_risk_attitude
