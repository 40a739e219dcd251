-- One row per thing of the workspace that the build leaves out.
select
    kind,
    name,
    source_file,
    source_row,
    source_column,
    spoken(reason, reason_zh) as reason
from quality.qc_set_aside as aside
order by kind, name, source_file, source_row, source_column, aside.reason
limit $listed
