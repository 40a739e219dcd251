-- What each indicator adds to the score. linear: w y, summing to the score. geometric:
-- w ln y, summing to its logarithm. topsis: a squared distance to either ideal. An
-- indicator in use the year before and not this year, which only weights of each year
-- allow, stays as a row of weight 0, so that the parts of a change add up. grey_topsis:
-- closeness mixes its largest terms over the scope into every score; no part is
-- defined.
with weighted as (
    select * from {{ ref('int_indicators_weighted') }}
),

weights as (
    select * from {{ ref('int_indicator_weights') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

scored as (
    select * from {{ ref('int_systems_scored') }}
),

squared as (
    select * from {{ ref('int_topsis_distances_squared') }}
),

dropped as (
    select
        before.study_id,
        before.method_id,
        before.system_id,
        before.indicator_id,
        before.region_code,
        weights.scope_year as year,
        case when before.scope_year = 0 then 0 else weights.scope_year end
            as scope_year,
        weights.weight,
        weights.study_weight,
        weights.status
    from weighted as before
    inner join weights
        on
            before.study_id = weights.study_id
            and before.method_id = weights.method_id
            and before.indicator_id = weights.indicator_id
            and before.weight_scope_year + 1 = weights.scope_year
    where
        before.weight_scope_year > 0
        and weights.status <> 'used'
        and weights.weight = 0
),

together as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        region_code,
        year,
        scope_year,
        normalised_value,
        weight,
        study_weight,
        weighted_value,
        weight * ln(nullif(normalised_value, 0)) as weighted_logarithm,
        cast(null as string) as unused_status
    from weighted
    union all
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        region_code,
        year,
        scope_year,
        null as normalised_value,
        weight,
        study_weight,
        0 as weighted_value,
        0 as weighted_logarithm,
        status as unused_status
    from dropped
),

final as (
    select
        together.study_id,
        together.method_id,
        together.system_id,
        together.indicator_id,
        together.region_code,
        together.year,
        together.scope_year,
        methods.aggregation,
        together.normalised_value,
        together.weight,
        together.study_weight,
        scored.score,
        case
            when scored.status = 'computed' and methods.aggregation = 'linear'
                then together.weighted_value
            when scored.status = 'computed' and methods.aggregation = 'geometric'
                then together.weighted_logarithm
        end as score_contribution,
        case
            when scored.status = 'computed' and methods.aggregation = 'topsis'
                then coalesce(squared.squared_distance_to_best, 0)
        end as squared_distance_to_best,
        case
            when scored.status = 'computed' and methods.aggregation = 'topsis'
                then coalesce(squared.squared_distance_to_worst, 0)
        end as squared_distance_to_worst,
        case
            when together.unused_status is not null then together.unused_status
            when scored.status = 'computed' and methods.aggregation = 'grey_topsis'
                then 'not_decomposed'
            else scored.status
        end as status
    from together
    inner join methods on together.method_id = methods.method_id
    inner join scored
        on
            together.study_id = scored.study_id
            and together.method_id = scored.method_id
            and together.system_id = scored.system_id
            and together.region_code = scored.region_code
            and together.year = scored.year
    left join squared
        on
            together.study_id = squared.study_id
            and together.method_id = squared.method_id
            and together.indicator_id = squared.indicator_id
            and together.region_code = squared.region_code
            and together.year = squared.year
)

select * from final
