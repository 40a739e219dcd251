-- Mean D of the groups of the grouping that a study names, over the regions computed.
with coupling as (
    select * from {{ ref('fct_coupling') }}
    where status = 'computed'
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

groups as (
    select * from {{ ref('dim_region_groups') }}
),

final as (
    select
        coupling.study_id,
        coupling.method_id,
        coupling.is_default_method,
        groups.grouping_id,
        groups.group_id,
        groups.group_position,
        coupling.year,
        cast(count(*) as int) as computed_count,
        {{ exact_sum('coupling.coupling_coordination_degree') }} / count(*)
            as mean_coordination_degree
    from coupling
    inner join studies on coupling.study_id = studies.study_id
    inner join groups
        on
            studies.grouping_id = groups.grouping_id
            and coupling.region_code = groups.region_code
    group by
        coupling.study_id,
        coupling.method_id,
        coupling.is_default_method,
        groups.grouping_id,
        groups.group_id,
        groups.group_position,
        coupling.year
)

select * from final
