with clusters as (
    select * from {{ ref('int_household_clusters') }}
),

scores as (
    select * from {{ ref('int_household_component_scores') }}
),

final as (
    select
        clusters.survey_id,
        clusters.household_id,
        cast(clusters.cluster as int) as cluster,
        clusters.distance_to_centre,
        clusters.silhouette,
        scores.component_1,
        scores.component_2
    from clusters
    inner join scores
        on
            clusters.survey_id = scores.survey_id
            and clusters.household_id = scores.household_id
)

select * from final
