-- One row per household or survey column that could not be used.
select
    survey_id,
    household_id,
    step,
    source_file,
    source_row,
    column_name,
    found,
    spoken(reason, reason_zh) as reason
from quality.qc_household_rejects
order by all nulls first
limit $listed
