-- One row per check that does not hold, errors first.
select
    suite,
    severity,
    table_name,
    column_name,
    expectation,
    expected,
    observed,
    note
from quality.qc_expectation_results
where not success
order by suite, severity, table_name, column_name, expectation
