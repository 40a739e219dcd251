-- One row: whether the warehouse holds a forecast.
select count(forecast) > 0 as has_forecasts
from marts.fct_forecasts
