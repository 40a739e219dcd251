-- One row per paper and check: claims by verdict.
select
    paper_id,
    check_name,
    count(*) as claim_count,
    count(*) filter (where verdict = 'agrees') as agrees,
    count(*) filter (where verdict = 'disagrees') as disagrees,
    count(*) filter (where verdict = 'cannot_be_recomputed') as cannot
from marts.fct_published_checks
group by paper_id, check_name
order by paper_id, check_name
