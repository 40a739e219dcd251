-- One row per thing of the workspace that the build leaves out.
select
    aside.kind,
    aside.name,
    aside.source_file,
    aside.source_row,
    aside.source_column,
    spoken(aside.reason, aside.reason_zh) as reason
from quality.qc_set_aside as aside
order by
    aside.kind,
    aside.name,
    aside.source_file,
    aside.source_row,
    aside.source_column,
    aside.reason
limit $listed
