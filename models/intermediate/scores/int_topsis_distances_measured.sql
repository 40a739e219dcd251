-- Euclidean distances d+ and d- of a system to the ideals of its indicators.
with squared as (
    select * from {{ ref('int_topsis_distances_squared') }}
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        sqrt({{ exact_sum('squared_distance_to_best') }}) as distance_to_best,
        sqrt({{ exact_sum('squared_distance_to_worst') }}) as distance_to_worst
    from squared
    group by study_id, method_id, system_id, region_code, year
)

select * from final
