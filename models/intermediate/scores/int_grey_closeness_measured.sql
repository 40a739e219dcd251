-- Closeness by distances d and grey relational degrees g together, each over its
-- largest in the scope: S+ = (d- / max d- + g+ / max g+) / 2, S- = (d+ / max d+ + g- /
-- max g-) / 2, U = S+ / (S+ + S-). In lists by systems.
with related as (
    select * from {{ ref('int_grey_relations_measured') }}
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

largest as (
    select
        study_key,
        method_key,
        system_place,
        scope_year,
        max(distance_to_best) as distance_to_best,
        max(distance_to_worst) as distance_to_worst,
        max(relation_to_best) as relation_to_best,
        max(relation_to_worst) as relation_to_worst
    from related
    group by study_key, method_key, system_place, scope_year
),

sided as (
    select
        related.study_key,
        related.method_key,
        related.system_place,
        related.region_key,
        related.year,
        (
            related.distance_to_worst / nullif(largest.distance_to_worst, 0)
            + related.relation_to_best / nullif(largest.relation_to_best, 0)
        ) / 2 as nearness,
        (
            related.distance_to_best / nullif(largest.distance_to_best, 0)
            + related.relation_to_worst / nullif(largest.relation_to_worst, 0)
        ) / 2 as remoteness
    from related
    inner join largest
        on
            related.study_key = largest.study_key
            and related.method_key = largest.method_key
            and related.system_place = largest.system_place
            and related.scope_year = largest.scope_year
),

closeness as (
    select
        study_key,
        method_key,
        region_key,
        year,
        system_place,
        nearness / nullif(nearness + remoteness, 0) as closeness
    from sided
),

region_years as (
    select distinct
        study_key,
        method_key,
        region_key,
        year
    from closeness
),

final as (
    select
        region_years.study_key,
        region_years.method_key,
        region_years.region_key,
        region_years.year,
        {{ in_order('closeness.closeness', 'systems.system_place') }}
            as closeness_by_system
    from region_years
    inner join systems on region_years.study_key = systems.study_key
    left join closeness
        on
            region_years.study_key = closeness.study_key
            and region_years.method_key = closeness.method_key
            and region_years.region_key = closeness.region_key
            and region_years.year = closeness.year
            and systems.system_place = closeness.system_place
    group by
        region_years.study_key,
        region_years.method_key,
        region_years.region_key,
        region_years.year
)

select * from final
