-- One row per check that does not hold, errors first.
select
    suite,
    severity,
    table_name,
    column_name,
    expectation,
    spoken(expected, expected_zh) as expected,
    spoken(observed, observed_zh) as observed,
    spoken(note, note_zh) as note
from quality.qc_expectation_results
where not success
order by suite, severity, table_name, column_name, expectation
