-- One row per household or survey column that could not be used.
select * from quality.qc_household_rejects
order by all nulls first
limit $listed
