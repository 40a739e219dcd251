-- Obstacle degrees added up to criteria and systems, per region-year and, as the mean
-- over regions, per year (region_code 'ALL').
with obstacles as (
    select
        obstacles.*,
        indicators.criterion
    from {{ ref('int_obstacle_degrees_computed') }} as obstacles
    inner join {{ ref('stg_studies__indicators') }} as indicators
        on
            obstacles.study_id = indicators.study_id
            and obstacles.indicator_id = indicators.indicator_id
    where obstacles.status = 'computed'
),

levelled as (
    select
        study_id,
        method_id,
        region_code,
        year,
        'indicator' as level,
        indicator_id as item_id,
        obstacle_degree
    from obstacles
    union all
    select
        study_id,
        method_id,
        region_code,
        year,
        'criterion' as level,
        concat(system_id, ': ', criterion) as item_id,
        obstacle_degree
    from obstacles
    union all
    select
        study_id,
        method_id,
        region_code,
        year,
        'system' as level,
        system_id as item_id,
        obstacle_degree
    from obstacles
),

by_region as (
    select
        study_id,
        method_id,
        region_code,
        year,
        level,
        item_id,
        {{ exact_sum('obstacle_degree') }} as obstacle_degree
    from levelled
    group by study_id, method_id, region_code, year, level, item_id
),

all_regions as (
    select
        study_id,
        method_id,
        'ALL' as region_code,
        year,
        level,
        item_id,
        {{ exact_sum('obstacle_degree') }} / count(*) as obstacle_degree
    from by_region
    group by study_id, method_id, year, level, item_id
),

together as (
    select * from by_region
    union all
    select * from all_regions
),

final as (
    select
        study_id,
        method_id,
        region_code,
        year,
        level,
        item_id,
        {{ at_most_one('obstacle_degree') }} as obstacle_degree,
        {{ competition_rank('obstacle_degree', [
            'study_id', 'method_id', 'region_code', 'year', 'level',
        ]) }} as obstacle_rank
    from together
)

select * from final
