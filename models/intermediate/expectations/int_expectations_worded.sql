-- What each rule on figures expects, and what it counts, in English and Chinese.
with rules as (
    select
        expectation_id,
        kind,
        subject,
        severity,
        reason,
        reason_zh,
        format('{:g}', limit_value) as told_limit,
        concat(
            if(coalesce(scale, 1) = 1, '', format('{:g} x ', scale)), compared_with
        ) as told_other
    from {{ ref('expectations') }}
    where kind in ('jump', 'spike', 'magnitude', 'part_of_whole', 'ratio')
),

in_words as (
    select
        *,
        case
            when kind in ('part_of_whole', 'ratio') then ['cells', '个单元格']
            else ['figures', '个数值']
        end as counted_in_words,
        case kind
            when 'jump'
                then [
                    concat(
                        'a change against the year before within ',
                        told_limit, ' spreads of the usual'
                    ),
                    concat('与上一年相比的变化不超过通常幅度的', told_limit, '倍离散度')
                ]
            when 'spike'
                then [
                    concat(
                        'a figure less than ', told_limit,
                        ' times beyond both neighbouring years'
                    ),
                    concat('偏离前后两年均不足', told_limit, '倍的数值')
                ]
            when 'magnitude'
                then [
                    concat(
                        'a figure within ', told_limit,
                        ' spreads of the other regions that year'
                    ),
                    concat('与当年其他地区相差不超过', told_limit, '倍离散度的数值')
                ]
            when 'part_of_whole'
                then [
                    concat(
                        'a part not above ', told_limit, ' times the whole: ',
                        subject, ' and ', told_other
                    ),
                    concat('部分不超过整体的', told_limit, '倍：', subject, '与', told_other)
                ]
            else [
                concat(
                    'a ratio within ', told_limit, ' of what it is made of: ',
                    subject, ' and ', told_other
                ),
                concat(
                    '比率与其构成相差不超过', told_limit, '：', subject, '与', told_other
                )
            ]
        end as expected_in_words
    from rules
),

final as (
    select
        expectation_id,
        severity,
        counted_in_words[1] as counted,
        counted_in_words[2] as counted_zh,
        expected_in_words[1] as expected,
        expected_in_words[2] as expected_zh,
        coalesce(reason, '') as note,
        coalesce(reason_zh, '') as note_zh
    from in_words
)

select * from final
