-- One row: whether there are chains.
select count(*) > 0 as has_chains
from marts.fct_indicator_contributions
