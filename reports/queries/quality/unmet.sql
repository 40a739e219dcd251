-- One row per check that does not hold, with the series where the column is one.
--
-- Call it only where `suites` is not None.
select
    spoken(series.label, series.label_zh) as label,
    results.suite,
    results.table_name,
    results.column_name,
    results.expectation,
    results.severity,
    spoken(results.expected, results.expected_zh) as expected,
    spoken(results.observed, results.observed_zh) as observed
from quality.qc_expectation_results as results
left join marts.dim_series as series on results.column_name = series.series_id
where not results.success
order by
    results.severity,
    results.suite,
    results.table_name,
    results.column_name,
    results.expectation
limit $listed
