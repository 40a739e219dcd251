-- Relative development E: of two systems the score of the first over that of the
-- second, of more the lowest over the highest. Its type is a row of the study's
-- thresholds; a type in which a system lags does not hold the threshold next to the
-- synchronous type. As shipped: the first lags below 0.8, the second above 1.2, of more
-- the lowest below 0.8. Thresholds are compared as first < 0.8 x second, so that 0 / 0
-- is synchronous.
with scores as (
    select
        scored.study_id,
        scored.method_id,
        scored.region_code,
        scored.year,
        scored.system_id,
        scored.score,
        row_number() over (
            partition by
                scored.study_id, scored.method_id, scored.region_code, scored.year
            order by systems.system_position
        ) as place,
        row_number() over (
            partition by
                scored.study_id, scored.method_id, scored.region_code, scored.year
            order by round(scored.score, 12), systems.system_position
        ) as place_from_lowest
    from {{ ref('int_systems_scored') }} as scored
    inner join {{ ref('stg_studies__systems') }} as systems
        on
            scored.study_id = systems.study_id
            and scored.system_id = systems.system_id
),

compared as (
    select
        study_id,
        method_id,
        region_code,
        year,
        count(*) as k,
        count(score) as score_count,
        max(case when place = 1 then system_id end) as first_system_id,
        max(case when place = 2 then system_id end) as second_system_id,
        max(case when place_from_lowest = 1 then system_id end) as lowest_system_id,
        max(case when place = 1 then score end) as first_score,
        max(case when place = 2 then score end) as second_score,
        min(score) as lowest_score,
        max(score) as highest_score
    from scores
    group by study_id, method_id, region_code, year
),

sided as (
    select
        compared.*,
        studies.development_threshold_set,
        case
            when compared.k = 2 then compared.first_score
            else compared.lowest_score
        end as dividend,
        case
            when compared.k = 2 then compared.second_score
            else compared.highest_score
        end as divisor,
        case
            when compared.k = 2 then compared.first_system_id
            else compared.lowest_system_id
        end as early_system_id
    from compared
    inner join {{ ref('stg_studies__studies') }} as studies
        on compared.study_id = studies.study_id
    where compared.score_count = compared.k
),

typed as (
    select
        sided.*,
        thresholds.type_position,
        thresholds.lags
    from sided
    inner join {{ ref('stg_studies__development_thresholds') }} as thresholds
        on sided.development_threshold_set = thresholds.threshold_set_id
    where
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
),

final as (
    select
        compared.study_id,
        compared.method_id,
        compared.region_code,
        compared.year,
        case typed.lags
            when 'first' then typed.early_system_id
            when 'second' then typed.second_system_id
            when 'none' then 'synchronous'
        end as lagging_system_id,
        typed.dividend / nullif(typed.divisor, 0) as relative_development,
        typed.development_threshold_set,
        typed.type_position
    from compared
    left join typed
        on
            compared.study_id = typed.study_id
            and compared.method_id = typed.method_id
            and compared.region_code = typed.region_code
            and compared.year = typed.year
)

select * from final
