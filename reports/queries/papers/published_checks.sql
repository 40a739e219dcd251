-- One row per claim, by paper, table, check and key.
--
-- `gap` is |difference| by what is printed, unit 1; missing where no numbers differ or
-- zero is printed.
select
    *,
    abs(difference) / nullif(abs(printed_value), 0) as gap
from marts.fct_published_checks
order by paper_id, table_name, check_name, check_id
