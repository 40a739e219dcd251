-- Everything about a household in one row, for tools in which tables are not joined.
with anomalies as (
    select * from {{ ref('fct_household_anomalies') }}
),

clusters as (
    select * from {{ ref('fct_household_clusters') }}
),

regions as (
    select * from {{ ref('dim_regions') }}
),

final as (
    select
        anomalies.survey_id,
        anomalies.household_id,
        anomalies.is_simulated,
        anomalies.survey_year,
        make_date(anomalies.survey_year, 1, 1) as survey_year_start_date,
        anomalies.region_code,
        regions.region,
        regions.name_zh as region_zh,
        regions.three_belt,
        regions.three_belt_zh,
        anomalies.is_assessed,
        anomalies.not_assessed_reason,
        anomalies.not_assessed_reason_zh,
        anomalies.is_anomaly,
        anomalies.anomaly_reason,
        anomalies.anomaly_reason_zh,
        anomalies.is_overridden,
        anomalies.main_feature,
        anomalies.household_value,
        anomalies.peer_median,
        anomalies.deciding_side,
        anomalies.deciding_limit,
        anomalies.votes,
        anomalies.three_sigma_flag,
        anomalies.isolation_forest_flag,
        anomalies.local_outlier_factor_flag,
        anomalies.income_expenditure_ratio,
        anomalies.asset_debt_ratio,
        anomalies.per_capita_income,
        anomalies.asset_income_ratio,
        clusters.cluster,
        clusters.distance_to_centre,
        clusters.component_1,
        clusters.component_2,
        anomalies.rule_version
    from anomalies
    left join clusters
        on
            anomalies.survey_id = clusters.survey_id
            and anomalies.household_id = clusters.household_id
    left join regions on anomalies.region_code = regions.region_code
)

select * from final
