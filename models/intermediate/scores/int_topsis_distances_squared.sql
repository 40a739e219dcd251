-- TOPSIS: r = w y; the ideals are the largest and the smallest r of each indicator in
-- the scope of normalisation; each indicator adds its squared distance to them.
with weighted as (
    select weighted.*
    from {{ ref('int_indicators_weighted') }} as weighted
    inner join {{ ref('stg_studies__methods') }} as methods
        on weighted.method_id = methods.method_id
    where methods.aggregation in ('topsis', 'grey_topsis')
),

ideals as (
    select
        study_id,
        method_id,
        indicator_id,
        scope_year,
        max(weighted_value) as best,
        min(weighted_value) as worst
    from weighted
    group by study_id, method_id, indicator_id, scope_year
),

final as (
    select
        weighted.study_id,
        weighted.method_id,
        weighted.system_id,
        weighted.indicator_id,
        weighted.region_code,
        weighted.year,
        power(ideals.best - weighted.weighted_value, 2) as squared_distance_to_best,
        power(weighted.weighted_value - ideals.worst, 2) as squared_distance_to_worst
    from weighted
    inner join ideals
        on
            weighted.study_id = ideals.study_id
            and weighted.method_id = ideals.method_id
            and weighted.indicator_id = ideals.indicator_id
            and weighted.scope_year = ideals.scope_year
)

select * from final
