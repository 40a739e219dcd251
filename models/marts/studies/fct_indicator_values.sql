{{ config(materialized='view') }}
with normalised as (
    select * from {{ ref('int_indicators_normalised') }}
),

final as (
    select
        study_id,
        method_id,
        indicator_id,
        region_code,
        year,
        raw_value,
        value_origin,
        normalised_value,
        status,
        quality,
        quality_note,
        quality_note_zh
    from normalised
)

select * from final
