-- Grade: the interval (lower, upper] that holds D, the lowest with its lower bound; or,
-- closed on the left, [lower, upper), the highest with its upper bound. Type: the grade
-- and who lags.
with coupled as (
    select
        coupled.*,
        {{ competition_rank('coupled.coupling_coordination_degree', [
            'coupled.study_key', 'coupled.method_key', 'coupled.year',
        ]) }} as coordination_rank
    from {{ ref('int_panel_coupled') }} as coupled
),

compared as (
    select * from {{ ref('int_panel_compared') }}
),

methods as (
    select
        prepared.study_key,
        prepared.method_key,
        prepared.study_id,
        prepared.method_id,
        studies.default_method_id,
        studies.grade_scheme_id
    from {{ ref('int_methods_prepared') }} as prepared
    inner join {{ ref('stg_studies__studies') }} as studies
        on prepared.study_id = studies.study_id
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
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
    select
        placed.study_key,
        placed.system_place,
        systems.*
    from {{ ref('int_systems_placed') }} as placed
    inner join {{ ref('stg_studies__systems') }} as systems
        on
            placed.study_id = systems.study_id
            and placed.system_id = systems.system_id
),

final as (
    select
        methods.study_id,
        methods.method_id,
        regions.region_code,
        coupled.year,
        coupled.coupling_degree,
        coupled.comprehensive_index,
        coupled.coupling_coordination_degree,
        grades.grade_level,
        grades.grade,
        grades.grade_zh,
        case
            when coupled.status = 'computed' and compared.lagging_place = 0
                then 'synchronous'
            when coupled.status = 'computed' then systems.system_id
        end as lagging_system_id,
        coupled.coordination_rank,
        coupled.status,
        statuses.reason as status_reason,
        statuses.reason_zh as status_reason_zh,
        methods.method_id = methods.default_method_id as is_default_method,
        case when coupled.status = 'computed' then compared.relative_development end
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
    inner join methods
        on
            coupled.study_key = methods.study_key
            and coupled.method_key = methods.method_key
    inner join regions on coupled.region_key = regions.region_key
    left join compared
        on
            coupled.study_key = compared.study_key
            and coupled.method_key = compared.method_key
            and coupled.region_key = compared.region_key
            and coupled.year = compared.year
    inner join statuses on coupled.status = statuses.status
    left join grades
        on
            methods.grade_scheme_id = grades.grade_scheme_id
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
            compared.development_threshold_set = thresholds.threshold_set_id
            and compared.type_position = thresholds.type_position
    left join systems
        on
            coupled.study_key = systems.study_key
            and compared.lagging_place = systems.system_place
)

select * from final
