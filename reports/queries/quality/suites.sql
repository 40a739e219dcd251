-- One row per suite of expectations: checks held, warnings let through, errors.
--
-- None where no expectation was judged on the database.
select
    suite,
    count(*) as check_count,
    count(*) filter (where success) as held_count,
    count(*) filter (where not success and severity = 'warning')
        as warning_count,
    count(*) filter (where not success and severity = 'error') as error_count
from quality.qc_expectation_results
group by suite
order by warning_count desc, suite asc
