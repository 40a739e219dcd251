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
    select
        *,
        format('{:g}', limit_value) as told_limit,
        if(coalesce(scale, 1) = 1, '', format('{:g} x ', scale)) as told_scale,
        if(kind in ('part_of_whole', 'ratio'), 'cells', 'figures') as counted
    from {{ ref('expectations') }}
),

final as (
    select
        concat(
            counted.panel, '.',
            regexp_replace(counted.file_name, '[^\pL\pN_-]+', '_', 'g')
        ) as suite,
        concat(
            if(counted.panel = 'yearbook', 'seeds', 'workspace'),
            '/yearbook/', counted.file_name, '.csv'
        ) as table_name,
        counted.column_name,
        counted.expectation_id as expectation,
        rules.severity,
        counted.judged_count,
        counted.beyond_count,
        if(
            counted.beyond_count = 0,
            concat(counted.judged_count, ' ', rules.counted),
            concat(
                counted.beyond_count, ' of ', counted.judged_count, ' ',
                rules.counted, ': ', worst.cells,
                if(counted.beyond_count > 3, '; ...', '')
            )
        ) as observed,
        case rules.kind
            when 'jump'
                then
                    concat(
                        'a change against the year before within ',
                        rules.told_limit, ' spreads of the usual'
                    )
            when 'spike'
                then
                    concat(
                        'a figure less than ', rules.told_limit,
                        ' times beyond both neighbouring years'
                    )
            when 'magnitude'
                then
                    concat(
                        'a figure within ', rules.told_limit,
                        ' spreads of the other regions that year'
                    )
            when 'part_of_whole'
                then
                    concat(
                        'a part not above ', rules.told_limit, ' times the whole: ',
                        rules.subject, ' and ', rules.told_scale, rules.compared_with
                    )
            else
                concat(
                    'a ratio within ', rules.told_limit, ' of what it is made of: ',
                    rules.subject, ' and ', rules.told_scale, rules.compared_with
                )
        end as expected,
        coalesce(rules.reason, '') as note
    from counted
    inner join rules on counted.expectation_id = rules.expectation_id
    left join worst
        on
            counted.panel = worst.panel
            and counted.file_name = worst.file_name
            and counted.column_name = worst.column_name
            and counted.expectation_id = worst.expectation_id
)

select * from final
