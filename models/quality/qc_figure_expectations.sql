-- What is expected of figures, measured: how many figures of a series, or cells of an
-- identity, a rule could judge, how many lie beyond its limit, and the three worst.
with scored as (
    select * from {{ ref('int_figures_judged') }}
),

identities as (
    select * from {{ ref('int_identities_measured') }}
),

figures as (
    select
        panel,
        file_name,
        series_id as column_name,
        expectation_id,
        severity,
        reason,
        case kind
            when 'jump'
                then
                    concat(
                        'a change against the year before within ',
                        format('{:g}', limit_value), ' spreads of the usual'
                    )
            when 'spike'
                then
                    concat(
                        'a figure less than ', format('{:g}', limit_value),
                        ' times beyond both neighbouring years'
                    )
            else
                concat(
                    'a figure within ', format('{:g}', limit_value),
                    ' spreads of the other regions that year'
                )
        end as expected,
        'figures' as counted,
        concat(
            region_code, ' ', year, ' ', format('{:.6g}', value), ' (',
            format('{:.4g}', score), ')'
        ) as cell,
        region_code,
        year,
        score as measure,
        limit_value
    from scored
),

cells as (
    select
        panel,
        file_name,
        subject as column_name,
        expectation_id,
        severity,
        reason,
        case kind
            when 'part_of_whole'
                then
                    concat(
                        'a part not above ', format('{:g}', limit_value),
                        ' times the whole: '
                    )
            else
                concat(
                    'a ratio within ', format('{:g}', limit_value),
                    ' of what it is made of: '
                )
        end
        || concat(
            subject, ' and ',
            if(coalesce(scale, 1) = 1, '', format('{:g} x ', scale)), compared_with
        ) as expected,
        'cells' as counted,
        concat(region_code, ' ', year, ' ', format('{:.6g}', measure)) as cell,
        region_code,
        year,
        measure,
        limit_value
    from identities
),

judged as (
    select * from figures
    union all
    select * from cells
),

counted as (
    select
        panel,
        file_name,
        column_name,
        expectation_id,
        severity,
        reason,
        expected,
        counted,
        count(*) as judged_count,
        count(*) filter (where measure > limit_value) as beyond_count,
        array_to_string(
            array_agg(cell order by measure desc, region_code asc, year asc) filter (
                where measure > limit_value
            )[:3],
            '; '
        ) as worst
    from judged
    group by
        panel, file_name, column_name, expectation_id, severity, reason, expected,
        counted
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
        if(
            beyond_count = 0,
            concat(judged_count, ' ', counted),
            concat(
                beyond_count, ' of ', judged_count, ' ', counted, ': ', worst,
                if(beyond_count > 3, '; ...', '')
            )
        ) as observed,
        expected,
        coalesce(reason, '') as note
    from counted
)

select * from final
