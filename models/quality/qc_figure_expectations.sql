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
        concat(
            if(coalesce(scale, 1) = 1, '', format('{:g} x ', scale)), compared_with
        ) as told_other,
        case
            when kind in ('part_of_whole', 'ratio')
                then ['cells', '个单元格', '个单元格中', '个不符：']
            else ['figures', '个数值', '个数值中有', '个：']
        end as counted
    from {{ ref('expectations') }}
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
                    concat(counted.judged_count, ' ', rules.counted[1]),
                    concat(counted.judged_count, rules.counted[2])
                ]
            else [
                concat(
                    counted.beyond_count, ' of ', counted.judged_count, ' ',
                    rules.counted[1], ': ', worst.cells
                ),
                concat(
                    counted.judged_count, rules.counted[3], counted.beyond_count,
                    rules.counted[4], worst.cells
                )
            ]
        end as observed,
        if(counted.beyond_count > 3, '; ...', '') as further,
        case rules.kind
            when 'jump'
                then [
                    concat(
                        'a change against the year before within ',
                        rules.told_limit, ' spreads of the usual'
                    ),
                    concat(
                        '与上一年相比的变化不超过通常幅度的',
                        rules.told_limit, '倍离散度'
                    )
                ]
            when 'spike'
                then [
                    concat(
                        'a figure less than ', rules.told_limit,
                        ' times beyond both neighbouring years'
                    ),
                    concat('偏离前后两年均不足', rules.told_limit, '倍的数值')
                ]
            when 'magnitude'
                then [
                    concat(
                        'a figure within ', rules.told_limit,
                        ' spreads of the other regions that year'
                    ),
                    concat('与当年其他地区相差不超过', rules.told_limit, '倍离散度的数值')
                ]
            when 'part_of_whole'
                then [
                    concat(
                        'a part not above ', rules.told_limit, ' times the whole: ',
                        rules.subject, ' and ', rules.told_other
                    ),
                    concat(
                        '部分不超过整体的', rules.told_limit, '倍：',
                        rules.subject, '与', rules.told_other
                    )
                ]
            else [
                concat(
                    'a ratio within ', rules.told_limit, ' of what it is made of: ',
                    rules.subject, ' and ', rules.told_other
                ),
                concat(
                    '比率与其构成相差不超过', rules.told_limit, '：',
                    rules.subject, '与', rules.told_other
                )
            ]
        end as expected,
        coalesce(rules.reason, '') as note,
        coalesce(rules.reason_zh, '') as note_zh
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
        expected[1] as expected,
        expected[2] as expected_zh,
        note,
        note_zh
    from in_words
)

select * from final
