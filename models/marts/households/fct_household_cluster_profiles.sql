with profiles as (
    select * from {{ ref('int_household_cluster_profiles') }}
),

final as (
    select
        survey_id,
        cast(cluster as int) as cluster,
        cast(households as int) as household_count,
        household_share,
        median_net_income_cny,
        median_total_expenditure_cny,
        median_total_assets_cny,
        median_non_mortgage_debt_cny,
        median_family_size,
        median_income_expenditure_ratio,
        median_asset_debt_ratio,
        median_per_capita_income,
        median_asset_income_ratio,
        mean_silhouette,
        cast(anomalies as int) as anomaly_count,
        anomaly_share
    from profiles
)

select * from final
