-- One row per suite, expectation and what it expects: how many checks of it hold.
select
    results.suite,
    results.severity,
    results.expectation,
    spoken(results.expected, results.expected_zh) as expected,
    spoken(results.note, results.note_zh) as note,
    count(*) as check_count
from quality.qc_expectation_results as results
where results.success
group by
    results.suite,
    results.severity,
    results.expectation,
    results.expected,
    results.expected_zh,
    results.note,
    results.note_zh
order by
    results.suite,
    results.severity,
    results.expectation,
    results.expected
