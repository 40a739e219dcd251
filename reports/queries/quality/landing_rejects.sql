-- One row per cell of a yearbook file that was not landed.
select
    source_file,
    sheet,
    source_row,
    source_column,
    text_found,
    spoken(reason, reason_zh) as reason
from quality.qc_landing_rejects as rejects
order by landing_id, sheet, source_row, source_column, rejects.reason
limit $listed
