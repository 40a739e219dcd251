-- Why a household is flagged, in words; only flagged households have a row. Three sigma
-- names its limit; the other detectors judge all ratios together, and what the score
-- were with this ratio at the median says how much of it is of this ratio.
with compared as (
    select * from {{ ref('int_household_flags_compared') }}
),

printed as (
    select
        *,
        {{ told_apart('ratio', 'ratio_limit', 2) }} as ratio_text,
        {{ told_apart('ratio_limit', 'ratio', 2) }} as limit_text,
        {{ told_apart('score', 'threshold', 3) }} as score_text,
        {{ told_apart('threshold', 'score', 3) }} as threshold_text,
        {{ told_apart('score_at_median', 'score', 3) }} as at_median_text
    from compared
),

-- each phrase in English and in Chinese
worded as (
    select
        *,
        case feature
            when 'income_expenditure_ratio'
                then [
                    concat('The household spends ', ratio_text, ' times its income'),
                    concat('该户支出为收入的', ratio_text, '倍')
                ]
            when 'asset_debt_ratio'
                then [
                    concat(
                        'The household owes, mortgages apart, ', ratio_text,
                        ' times its assets'
                    ),
                    concat('该户除房贷外的负债为资产的', ratio_text, '倍')
                ]
            when 'per_capita_income'
                then [
                    concat(
                        'The household has an income of ', ratio_text, ' ', currency,
                        ' per person'
                    ),
                    concat('该户人均收入为', ratio_text, ' ', currency)
                ]
            when 'asset_income_ratio'
                then [
                    concat(
                        'The household owns ', ratio_text, ' times its income in assets'
                    ),
                    concat('该户资产为收入的', ratio_text, '倍')
                ]
        end as ratio_phrase,
        case
            when is_floored
                then [
                    ' (a denominator near or below zero was raised to the floor)',
                    '（接近或低于零的分母已提高到下限）'
                ]
            else ['', '']
        end as floor_phrase,
        case detector
            when 'three_sigma' then ['three sigma', '三倍标准差']
            when 'isolation_forest' then ['isolation forest', '孤立森林']
            when 'local_outlier_factor' then ['local outlier factor', '局部离群因子']
            when 'vote' then ['vote', '投票']
            when 'mean_rank' then ['mean rank', '平均排名']
        end as detector_phrase,
        case
            when side is not null
                then [
                    concat(
                        score_text, ' above ', threshold_text,
                        ', as for every value ', side, ' ', limit_text
                    ),
                    concat(
                        '得分', score_text, '，高于', threshold_text, '；凡',
                        case side when 'above' then '高于' else '低于' end, limit_text,
                        '者均被标记'
                    )
                ]
            when detector = 'vote'
                then [
                    concat(
                        score_text, ' of 3, at least ', threshold_text, ', and ',
                        at_median_text, ' with this ratio at the median'
                    ),
                    concat(
                        '3票中得', score_text, '票，至少需', threshold_text,
                        '票；若该比率取中位数，得', at_median_text, '票'
                    )
                ]
            else [
                concat(
                    score_text, ' above ', threshold_text, ', and ', at_median_text,
                    ' with this ratio at the median'
                ),
                concat(
                    '得分', score_text, '，高于', threshold_text,
                    '；若该比率取中位数，得分为', at_median_text
                )
            ]
        end as score_phrase
    from printed
),

final as (
    select
        survey_id,
        household_id,
        feature,
        ratio as household_value,
        peer_median,
        peer_count,
        side,
        ratio_limit,
        detector,
        score,
        threshold,
        score_at_median,
        concat(
            ratio_phrase[1], floor_phrase[1],
            '; the median of ', cast(peer_count as string),
            ' households of the survey is ', cast(round(peer_median, 2) as string),
            ', nine in ten lie between ', cast(round(peer_low, 2) as string), ' and ',
            cast(round(peer_high, 2) as string), '. Flagged by ', detector_phrase[1],
            ': score ', score_phrase[1], '.'
        ) as reason,
        concat(
            ratio_phrase[2], floor_phrase[2],
            '；调查中', cast(peer_count as string), '户的中位数为',
            cast(round(peer_median, 2) as string), '，九成位于',
            cast(round(peer_low, 2) as string), '至',
            cast(round(peer_high, 2) as string), '之间。由', detector_phrase[2],
            '标记：', score_phrase[2], '。'
        ) as reason_zh
    from worded
)

select * from final
