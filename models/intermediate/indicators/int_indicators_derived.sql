-- The derived values under the names of their studies, indicators and regions, with the
-- notes of the figures behind them.
{{ config(materialized='view') }}
with derived as (
    select * from {{ ref('int_values_derived') }}
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

sources as (
    select * from {{ ref('int_sources_numbered') }}
),

final as (
    select
        placed.study_id,
        placed.indicator_id,
        regions.region_code,
        derived.year,
        derived.raw_value,
        case when derived.has_no_base then 'base_not_positive' else 'computed' end
            as status,
        derived.quality,
        {{ joined_notes('sources.quality_note', 'others.quality_note', '; ') }}
            as quality_note,
        {{ joined_notes('sources.quality_note_zh', 'others.quality_note_zh', '；') }}
            as quality_note_zh
    from derived
    inner join placed on derived.indicator_key = placed.indicator_key
    inner join regions on derived.region_key = regions.region_key
    left join sources on derived.source_key = sources.source_key
    left join sources as others on derived.other_source_key = others.source_key
)

select * from final
