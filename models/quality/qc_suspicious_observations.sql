-- Figures that more than double or halve against the year before, spikes and dips that
-- reverse, and figures that are zero or negative. Against a year that was negative a
-- figure has no ratio: up from -5 to 10 is not less than half. A flag is a place to
-- look, with the source's own note beside it.
with observations as (
    select * from {{ ref('int_observations') }}
),

compared as (
    select
        current_year.region_code,
        current_year.year,
        current_year.series_id,
        current_year.value,
        previous.value as value_before,
        following.value as value_after,
        case when previous.value > 0 then current_year.value / previous.value end
            as ratio_to_year_before,
        current_year.quality,
        current_year.quality_note,
        current_year.quality_note_zh
    from observations as current_year
    left join observations as previous
        on
            current_year.series_id = previous.series_id
            and current_year.region_code = previous.region_code
            and current_year.year = previous.year + 1
    left join observations as following
        on
            current_year.series_id = following.series_id
            and current_year.region_code = following.region_code
            and current_year.year = following.year - 1
),

judged as (
    select
        *,
        case
            when value < 0 then ['negative', '负值']
            when value = 0 then ['zero', '零值']
            when ratio_to_year_before > 2
                then ['more than double the year before', '超过上一年的两倍']
            when ratio_to_year_before < 0.5
                then ['less than half the year before', '不到上一年的一半']
            -- the larger or smaller of a year and none is that year: ask for both
            when value_before is null or value_after is null then null
            when
                value > 1.5 * greatest(value_before, value_after)
                and greatest(value_before, value_after) > 0
                then [
                    'a spike, half above the years before and after',
                    '骤升：比前后两年都高一半'
                ]
            when 1.5 * value < least(value_before, value_after)
                then [
                    'a dip, a third below the years before and after',
                    '骤降：比前后两年都低三分之一'
                ]
        end as reason_in_words
    from compared
),

final as (
    select
        region_code,
        year,
        series_id,
        value,
        value_before,
        value_after,
        ratio_to_year_before,
        quality,
        quality_note,
        quality_note_zh,
        reason_in_words[1] as reason,
        reason_in_words[2] as reason_zh
    from judged
    where reason_in_words is not null
)

select * from final
