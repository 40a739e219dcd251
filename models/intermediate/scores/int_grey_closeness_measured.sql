-- Closeness by distances d and grey relational degrees g together, each over its
-- largest in the scope: S+ = (d- / max d- + g+ / max g+) / 2, S- = (d+ / max d+ + g- /
-- max g-) / 2, U = S+ / (S+ + S-).
with relations as (
    select * from {{ ref('int_grey_relations_measured') }}
),

distances as (
    select * from {{ ref('int_topsis_distances_measured') }}
),

together as (
    select
        relations.*,
        distances.distance_to_best,
        distances.distance_to_worst
    from relations
    inner join distances
        on
            relations.study_id = distances.study_id
            and relations.method_id = distances.method_id
            and relations.system_id = distances.system_id
            and relations.region_code = distances.region_code
            and relations.year = distances.year
),

largest as (
    select
        study_id,
        method_id,
        system_id,
        scope_year,
        max(distance_to_best) as distance_to_best,
        max(distance_to_worst) as distance_to_worst,
        max(relation_to_best) as relation_to_best,
        max(relation_to_worst) as relation_to_worst
    from together
    group by study_id, method_id, system_id, scope_year
),

sided as (
    select
        together.study_id,
        together.method_id,
        together.system_id,
        together.region_code,
        together.year,
        (
            together.distance_to_worst / nullif(largest.distance_to_worst, 0)
            + together.relation_to_best / nullif(largest.relation_to_best, 0)
        ) / 2 as nearness,
        (
            together.distance_to_best / nullif(largest.distance_to_best, 0)
            + together.relation_to_worst / nullif(largest.relation_to_worst, 0)
        ) / 2 as remoteness
    from together
    inner join largest
        on
            together.study_id = largest.study_id
            and together.method_id = largest.method_id
            and together.system_id = largest.system_id
            and together.scope_year = largest.scope_year
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        nearness / nullif(nearness + remoteness, 0) as grey_closeness
    from sided
)

select * from final
