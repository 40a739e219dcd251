-- Relative development E: of two systems the score of the first over that of the
-- second, of more the lowest over the highest. Its type is a row of the study's
-- thresholds; a type in which a system lags does not hold the threshold next to the
-- synchronous type. As shipped: the first lags below 0.8, the second above 1.2, of more
-- the lowest below 0.8. Thresholds are compared as first < 0.8 x second, so that 0 / 0
-- is synchronous. lagging_place is the place of the system that lags, 0 where none
-- does.
with studies as (
    select
        numbered.study_key,
        studies.development_threshold_set
    from {{ ref('int_studies_numbered') }} as numbered
    inner join {{ ref('stg_studies__studies') }} as studies
        on numbered.study_id = studies.study_id
),

thresholds as (
    select * from {{ ref('stg_studies__development_thresholds') }}
),

placed as (
    select
        study_key,
        method_key,
        region_key,
        year,
        scores,
        len(scores) = 2 as are_two,
        list_position(
            {{ each('scores', 'u', 'round(u, 12)') }},
            list_min({{ each('scores', 'u', 'round(u, 12)') }})
        ) as lowest_place
    from {{ ref('int_panel_scored') }}
    where len({{ only('statuses', 's', "s <> 'computed'") }}) = 0
),

sided as (
    select
        study_key,
        method_key,
        region_key,
        year,
        case when are_two then scores[1] else list_min(scores) end as dividend,
        case when are_two then scores[2] else list_max(scores) end as divisor,
        case when are_two then 1 else lowest_place end as early_place
    from placed
),

final as (
    select
        sided.study_key,
        sided.method_key,
        sided.region_key,
        sided.year,
        sided.dividend / nullif(sided.divisor, 0) as relative_development,
        studies.development_threshold_set,
        thresholds.type_position,
        case thresholds.lags
            when 'first' then sided.early_place
            when 'second' then 2
            when 'none' then 0
        end as lagging_place
    from sided
    inner join studies on sided.study_key = studies.study_key
    inner join thresholds
        on
            studies.development_threshold_set = thresholds.threshold_set_id
            and (
                (
                    thresholds.lags = 'first'
                    and sided.dividend >= thresholds.lower_bound * sided.divisor
                    and sided.dividend < thresholds.upper_bound * sided.divisor
                )
                or (
                    thresholds.lags = 'none'
                    and sided.dividend >= thresholds.lower_bound * sided.divisor
                    and sided.dividend
                    <= coalesce(thresholds.upper_bound * sided.divisor, sided.dividend)
                )
                or (
                    thresholds.lags = 'second'
                    and sided.dividend > thresholds.lower_bound * sided.divisor
                    and sided.dividend
                    <= coalesce(thresholds.upper_bound * sided.divisor, sided.dividend)
                )
            )
)

select * from final
