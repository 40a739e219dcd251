-- Grade: the interval (lower, upper] that holds D, the lowest with its lower bound; or,
-- closed on the left, [lower, upper), the highest with its upper bound. Type: the grade
-- and who lags.
with coupled as (
    select * from {{ ref('int_systems_coupled') }}
),

lagging as (
    select * from {{ ref('int_lagging_systems_identified') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

grades as (
    select * from {{ ref('stg_reference__grade_schemes') }}
),

statuses as (
    select * from {{ ref('stg_reference__statuses') }}
),

thresholds as (
    select * from {{ ref('stg_studies__development_thresholds') }}
),

systems as (
    select * from {{ ref('stg_studies__systems') }}
),

final as (
    select
        coupled.study_id,
        coupled.method_id,
        coupled.region_code,
        coupled.year,
        coupled.coupling_degree,
        coupled.comprehensive_index,
        coupled.coupling_coordination_degree,
        grades.grade_level,
        grades.grade,
        grades.grade_zh,
        case when coupled.status = 'computed' then lagging.lagging_system_id end
            as lagging_system_id,
        {{ competition_rank('coupled.coupling_coordination_degree', [
            'coupled.study_id', 'coupled.method_id', 'coupled.year',
        ]) }} as coordination_rank,
        coupled.status,
        statuses.reason as status_reason,
        statuses.reason_zh as status_reason_zh,
        coupled.method_id = studies.default_method_id as is_default_method,
        case when coupled.status = 'computed' then lagging.relative_development end
            as relative_development,
        case
            when coupled.status = 'computed' and systems.label is null
                then concat(grades.grade, ', ', thresholds.extent)
            when coupled.status = 'computed'
                then concat(grades.grade, ', ', systems.label, ' ', thresholds.extent)
        end as development_type,
        case
            when coupled.status = 'computed' and systems.label is null
                then concat(grades.grade_zh, '，', thresholds.extent_zh)
            when coupled.status = 'computed'
                then
                    concat(
                        grades.grade_zh, '，', systems.label_zh, thresholds.extent_zh
                    )
        end as development_type_zh
    from coupled
    inner join lagging
        on
            coupled.study_id = lagging.study_id
            and coupled.method_id = lagging.method_id
            and coupled.region_code = lagging.region_code
            and coupled.year = lagging.year
    inner join studies on coupled.study_id = studies.study_id
    inner join statuses on coupled.status = statuses.status
    left join grades
        on
            studies.grade_scheme_id = grades.grade_scheme_id
            and round(coupled.coupling_coordination_degree, 12)
            between grades.lower_bound and grades.upper_bound
            and case grades.closed_side
                when 'left'
                    then
                        round(coupled.coupling_coordination_degree, 12)
                        < grades.upper_bound
                        or grades.upper_bound = 1
                else
                    round(coupled.coupling_coordination_degree, 12) > grades.lower_bound
                    or grades.lower_bound = 0
            end
    left join thresholds
        on
            lagging.development_threshold_set = thresholds.threshold_set_id
            and lagging.type_position = thresholds.type_position
    left join systems
        on
            coupled.study_id = systems.study_id
            and lagging.lagging_system_id = systems.system_id
)

select * from final
