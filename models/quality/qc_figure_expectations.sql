-- What is expected of figures, measured: how many figures of a series, or cells of an
-- identity, a rule could judge, how many lie beyond its limit, and the three worst.
with judged as (
    select
        panel,
        file_name,
        series_id as column_name,
        expectation_id,
        region_code,
        year,
        value,
        score as measure,
        limit_value
    from {{ ref('int_figures_judged') }}
    union all
    select
        panel,
        file_name,
        subject as column_name,
        expectation_id,
        region_code,
        year,
        cast(null as double) as value,
        measure,
        limit_value
    from {{ ref('int_identities_measured') }}
),

counted as (
    select
        panel,
        file_name,
        column_name,
        expectation_id,
        count(*) as judged_count,
        count(*) filter (where measure > limit_value) as beyond_count
    from judged
    group by panel, file_name, column_name, expectation_id
),

beyond as (
    select
        panel,
        file_name,
        column_name,
        expectation_id,
        region_code,
        year,
        measure,
        -- a figure with its score, or the measure of an identity
        concat(
            region_code, ' ', year, ' ', format('{:.6g}', coalesce(value, measure)),
            if(value is null, '', concat(' (', format('{:.4g}', measure), ')'))
        ) as cell
    from judged
    where measure > limit_value
),

worst as (
    select
        panel,
        file_name,
        column_name,
        expectation_id,
        array_to_string(
            array_agg(cell order by measure desc, region_code asc, year asc)[:3],
            '; '
        ) as cells
    from beyond
    group by panel, file_name, column_name, expectation_id
),

rules as (
    select * from {{ ref('int_expectations_worded') }}
),

in_words as (
    select
        counted.panel,
        counted.file_name,
        counted.column_name,
        counted.expectation_id,
        counted.judged_count,
        counted.beyond_count,
        rules.severity,
        case
            when counted.beyond_count = 0
                then [
                    concat(counted.judged_count, ' ', rules.counted),
                    concat(counted.judged_count, rules.counted_zh)
                ]
            else [
                concat(
                    counted.beyond_count, ' of ', counted.judged_count, ' ',
                    rules.counted, ': ', worst.cells
                ),
                if(
                    rules.counted = 'cells',
                    concat(
                        counted.judged_count, '个单元格中',
                        counted.beyond_count, '个不符：', worst.cells
                    ),
                    concat(
                        counted.judged_count, '个数值中有',
                        counted.beyond_count, '个：', worst.cells
                    )
                )
            ]
        end as observed,
        if(counted.beyond_count > 3, '; ...', '') as further,
        rules.expected,
        rules.expected_zh,
        rules.note,
        rules.note_zh
    from counted
    inner join rules on counted.expectation_id = rules.expectation_id
    left join worst
        on
            counted.panel = worst.panel
            and counted.file_name = worst.file_name
            and counted.column_name = worst.column_name
            and counted.expectation_id = worst.expectation_id
),

final as (
    select
        concat(
            panel, '.', regexp_replace(file_name, '[^\pL\pN_-]+', '_', 'g')
        ) as suite,
        concat(
            if(panel = 'yearbook', 'seeds', 'workspace'),
            '/yearbook/', file_name, '.csv'
        ) as table_name,
        column_name,
        expectation_id as expectation,
        severity,
        judged_count,
        beyond_count,
        concat(observed[1], further) as observed,
        concat(observed[2], further) as observed_zh,
        expected,
        expected_zh,
        note,
        note_zh
    from in_words
)

select * from final
