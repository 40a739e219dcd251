-- One row per suite, expectation and what it expects: how many checks of it hold.
select
    suite,
    severity,
    expectation,
    expected,
    note,
    count(*) as check_count
from quality.qc_expectation_results
where success
group by suite, severity, expectation, expected, note
order by suite, severity, expectation, expected
