-- One row per table of which the page lists rows: how many it has.
select
    'qc_suspicious_observations' as table_name,
    count(*) as row_count
from quality.qc_suspicious_observations
union all
select
    'qc_degenerate_indicators' as table_name,
    count(*) as row_count
from quality.qc_degenerate_indicators
union all
select
    'qc_set_aside' as table_name,
    count(*) as row_count
from quality.qc_set_aside
union all
select
    'qc_landing_rejects' as table_name,
    count(*) as row_count
from quality.qc_landing_rejects
union all
select
    'qc_household_rejects' as table_name,
    count(*) as row_count
from quality.qc_household_rejects
union all
select
    'qc_winsorised_household_values' as table_name,
    count(*) as row_count
from quality.qc_winsorised_household_values
union all
select
    'fct_data_revisions' as table_name,
    count(*) as row_count
from marts.fct_data_revisions
