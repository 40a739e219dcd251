-- Each row of a fact stands once in the wide table made of it, with the same number: no
-- join drops or multiplies rows.
with coupling as (
    select
        fact.study_id,
        fact.method_id,
        fact.region_code,
        fact.year,
        fact.coupling_coordination_degree as number_in_fact,
        wide.coupling_coordination_degree as number_in_wide_table,
        fact.study_id is null or wide.study_id is null as is_missing
    from {{ ref('fct_coupling') }} as fact
    full outer join {{ ref('bi_coupling') }} as wide
        on
            fact.study_id = wide.study_id
            and fact.method_id = wide.method_id
            and fact.region_code = wide.region_code
            and fact.year = wide.year
),

obstacles_of_the_default_method as (
    select obstacles.*
    from {{ ref('fct_obstacles') }} as obstacles
    inner join {{ ref('dim_studies') }} as studies
        on
            obstacles.study_id = studies.study_id
            and obstacles.method_id = studies.default_method_id
),

obstacles as (
    select
        fact.study_id,
        fact.method_id,
        fact.region_code,
        fact.year,
        fact.obstacle_degree as number_in_fact,
        wide.obstacle_degree as number_in_wide_table,
        fact.study_id is null or wide.study_id is null as is_missing
    from obstacles_of_the_default_method as fact
    full outer join {{ ref('bi_obstacles') }} as wide
        on
            fact.study_id = wide.study_id
            and fact.method_id = wide.method_id
            and fact.region_code = wide.region_code
            and fact.year = wide.year
            and fact.indicator_id = wide.indicator_id
),

together as (
    select * from coupling
    union all
    select * from obstacles
)

select *
from together
where is_missing or number_in_fact is distinct from number_in_wide_table
