-- One row per claim, by paper, table, check and key.
--
-- `gap` is |difference| by what is printed, unit 1; missing where no numbers differ or
-- zero is printed.
select
    * replace (
        spoken(place, place_zh) as place,
        spoken(claim, claim_zh) as claim,
        spoken(printed_text, printed_text_zh) as printed_text,
        spoken(recomputed_text, recomputed_text_zh) as recomputed_text,
        spoken(explanation, explanation_zh) as explanation
    ),
    abs(difference) / nullif(abs(printed_value), 0) as gap
from marts.fct_published_checks
order by paper_id, table_name, check_name, check_id
