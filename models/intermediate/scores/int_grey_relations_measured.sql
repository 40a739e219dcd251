-- Grey relational degree g of a system to the ideals of its indicators (Deng 1989):
-- with gaps to an ideal, g = mean of (min + rho max) / (gap + rho max), the smallest
-- and the largest gap over all indicators with a weight in the system and region-years
-- of the scope. Only for region-years that have a value of each.
with squared as (
    select
        squared.*,
        weighted.scope_year,
        methods.resolution,
        sqrt(squared.squared_distance_to_best) as gap_to_best,
        sqrt(squared.squared_distance_to_worst) as gap_to_worst
    from {{ ref('int_topsis_distances_squared') }} as squared
    inner join {{ ref('stg_studies__methods') }} as methods
        on squared.method_id = methods.method_id
    inner join {{ ref('int_indicators_weighted') }} as weighted
        on
            squared.study_id = weighted.study_id
            and squared.method_id = weighted.method_id
            and squared.indicator_id = weighted.indicator_id
            and squared.region_code = weighted.region_code
            and squared.year = weighted.year
    where methods.aggregation = 'grey_topsis' and weighted.weight > 0
),

extremes as (
    select
        study_id,
        method_id,
        system_id,
        scope_year,
        min(gap_to_best) as least_to_best,
        max(resolution * gap_to_best) as resolved_to_best,
        min(gap_to_worst) as least_to_worst,
        max(resolution * gap_to_worst) as resolved_to_worst
    from squared
    group by study_id, method_id, system_id, scope_year
),

final as (
    select
        squared.study_id,
        squared.method_id,
        squared.system_id,
        squared.scope_year,
        squared.region_code,
        squared.year,
        {{ exact_sum(
            '(extremes.least_to_best + extremes.resolved_to_best)'
            ~ ' / nullif(squared.gap_to_best + extremes.resolved_to_best, 0)'
        ) }} / count(*) as relation_to_best,
        {{ exact_sum(
            '(extremes.least_to_worst + extremes.resolved_to_worst)'
            ~ ' / nullif(squared.gap_to_worst + extremes.resolved_to_worst, 0)'
        ) }} / count(*) as relation_to_worst
    from squared
    inner join extremes
        on
            squared.study_id = extremes.study_id
            and squared.method_id = extremes.method_id
            and squared.system_id = extremes.system_id
            and squared.scope_year = extremes.scope_year
    group by
        squared.study_id,
        squared.method_id,
        squared.system_id,
        squared.scope_year,
        squared.region_code,
        squared.year
    having count(squared.gap_to_best) = count(*)
)

select * from final
