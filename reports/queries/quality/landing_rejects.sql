-- One row per cell of a yearbook file that was not landed.
select * from quality.qc_landing_rejects
order by landing_id, sheet, source_row, source_column, reason
limit $listed
