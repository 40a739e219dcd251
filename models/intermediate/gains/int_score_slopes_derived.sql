-- How fast the score U of a system rises with the normalised value y of one indicator:
-- linear dU/dy = w; geometric dU/dy = w U / y; topsis, with r = w y and the distances
-- d+ and d- to the ideals, dU/dy = w [d+ (r - worst) / d- + d- (best - r) / d+]
-- / (d+ + d-)^2. Weights and ideals stay as they are.
with weighted as (
    select * from {{ ref('int_indicators_weighted') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

scores as (
    select * from {{ ref('int_systems_scored') }}
    where status = 'computed'
),

distances as (
    select * from {{ ref('int_topsis_distances_measured') }}
),

squares as (
    select * from {{ ref('int_topsis_distances_squared') }}
),

final as (
    select
        weighted.study_id,
        weighted.method_id,
        weighted.system_id,
        weighted.indicator_id,
        weighted.region_code,
        weighted.year,
        weighted.normalised_value,
        case methods.aggregation
            when 'linear' then weighted.weight
            when 'geometric'
                then
                    weighted.weight * scores.score
                    / nullif(weighted.normalised_value, 0)
            when 'topsis'
                then
                    weighted.weight * (
                        distances.distance_to_best
                        * sqrt(squares.squared_distance_to_worst)
                        / nullif(distances.distance_to_worst, 0)
                        + distances.distance_to_worst
                        * sqrt(squares.squared_distance_to_best)
                        / nullif(distances.distance_to_best, 0)
                    ) / nullif(
                        power(
                            distances.distance_to_best + distances.distance_to_worst, 2
                        ), 0
                    )
        end as score_slope
    from weighted
    inner join methods on weighted.method_id = methods.method_id
    inner join scores
        on
            weighted.study_id = scores.study_id
            and weighted.method_id = scores.method_id
            and weighted.system_id = scores.system_id
            and weighted.region_code = scores.region_code
            and weighted.year = scores.year
    left join squares
        on
            weighted.study_id = squares.study_id
            and weighted.method_id = squares.method_id
            and weighted.indicator_id = squares.indicator_id
            and weighted.region_code = squares.region_code
            and weighted.year = squares.year
    left join distances
        on
            weighted.study_id = distances.study_id
            and weighted.method_id = distances.method_id
            and weighted.system_id = distances.system_id
            and weighted.region_code = distances.region_code
            and weighted.year = distances.year
)

select * from final
