with curves as (
    select * from {{ ref('int_household_cluster_curves') }}
),

final as (
    select
        survey_id,
        cast(k as int) as cluster_count,
        within_sum_of_squares,
        silhouette,
        is_elbow,
        is_best_silhouette,
        is_chosen
    from curves
)

select * from final
