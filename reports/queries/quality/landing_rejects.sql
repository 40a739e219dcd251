-- One row per cell of a yearbook file that was not landed.
select
    rejects.source_file,
    rejects.sheet,
    rejects.source_row,
    rejects.source_column,
    rejects.text_found,
    spoken(rejects.reason, rejects.reason_zh) as reason
from quality.qc_landing_rejects as rejects
order by
    rejects.landing_id,
    rejects.sheet,
    rejects.source_row,
    rejects.source_column,
    rejects.reason
limit $listed
