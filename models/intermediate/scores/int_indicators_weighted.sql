-- Normalised values next to their weights, for the indicators in use.
{{ config(materialized='view') }}
with normalised as (
    select * from {{ ref('int_indicators_normalised') }}
),

weights as (
    select * from {{ ref('int_indicator_weights') }}
    where status = 'used'
),

final as (
    select
        normalised.study_id,
        normalised.method_id,
        normalised.system_id,
        normalised.indicator_id,
        normalised.region_code,
        normalised.year,
        normalised.scope_year,
        normalised.weight_scope_year,
        normalised.normalised_value,
        normalised.status,
        weights.weight,
        weights.study_weight,
        weights.weight * normalised.normalised_value as weighted_value
    from normalised
    inner join weights
        on
            normalised.study_id = weights.study_id
            and normalised.method_id = weights.method_id
            and normalised.indicator_id = weights.indicator_id
            and normalised.weight_scope_year = weights.scope_year
)

select * from final
