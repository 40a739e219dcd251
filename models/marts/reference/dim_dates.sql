-- Days, not years: MetricFlow asks for a calendar of days, and Power BI for one without
-- gaps.
with years as (
    select year from {{ ref('int_observations') }}
    union distinct
    select year from {{ ref('int_study_panel') }}
),

span as (
    select
        min(year) as first_year,
        max(year) as last_year
    from years
),

digits as (
    select listed.digit
    from (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)
    ) as listed (digit)
),

-- 0 to 99,999: enough for 270 years
day_numbers as (
    select
        units.digit
        + 10 * tens.digit
        + 100 * hundreds.digit
        + 1000 * thousands.digit
        + 10000 * ten_thousands.digit as day_number
    from digits as units
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands
),

days as (
    select
        make_date(span.first_year, 1, 1) + day_numbers.day_number as date_day,
        span.last_year
    from span
    cross join day_numbers
),

final as (
    select
        date_day,
        cast(extract(year from date_day) as int) as year
    from days
    where extract(year from date_day) <= last_year
)

select * from final
