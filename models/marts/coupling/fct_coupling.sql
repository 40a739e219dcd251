-- Grade: the interval (lower, upper] that holds D; the lowest holds its lower bound.
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
        lagging.lagging_system_id,
        {{ competition_rank('coupled.coupling_coordination_degree', [
            'coupled.study_id', 'coupled.method_id', 'coupled.year',
        ]) }} as coordination_rank,
        coupled.status,
        statuses.reason as status_reason,
        coupled.method_id = studies.default_method_id as is_default_method
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
            and round(coupled.coupling_coordination_degree, 12) <= grades.upper_bound
            and (
                round(coupled.coupling_coordination_degree, 12) > grades.lower_bound
                or (
                    grades.grade_level = 1
                    and coupled.coupling_coordination_degree >= grades.lower_bound
                )
            )
)

select * from final
