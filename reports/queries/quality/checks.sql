-- One row per check of an expectation, errors first, as recorded.
--
-- Call it only where `suites` is not None.
select *
from quality.qc_expectation_results
order by severity, suite, table_name, column_name, expectation
