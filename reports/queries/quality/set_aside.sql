-- One row per thing of the workspace that the build leaves out.
select * from quality.qc_set_aside
order by kind, name, source_file, source_row, source_column, reason
limit $listed
