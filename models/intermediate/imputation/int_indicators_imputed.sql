-- Every cell under the names of its study, indicator and region, with the notes of the
-- values that it rests on.
{{ config(materialized='view') }}
with filled as (
    select * from {{ ref('int_values_filled') }}
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

noted as (
    select
        placed.study_id,
        placed.indicator_id,
        regions.region_code,
        filled.*,
        {{ joined_notes('first.quality_note', 'second.quality_note', '; ') }}
            as note_before,
        {{ joined_notes('first.quality_note_zh', 'second.quality_note_zh', '；') }}
            as note_before_zh,
        {{ joined_notes('third.quality_note', 'fourth.quality_note', '; ') }}
            as note_after,
        {{ joined_notes('third.quality_note_zh', 'fourth.quality_note_zh', '；') }}
            as note_after_zh
    from filled
    inner join placed on filled.indicator_key = placed.indicator_key
    inner join regions on filled.region_key = regions.region_key
    left join sources as first on filled.source_before_key = first.source_key
    left join sources as second
        on filled.other_source_before_key = second.source_key
    left join sources as third on filled.source_after_key = third.source_key
    left join sources as fourth
        on filled.other_source_after_key = fourth.source_key
),

final as (
    select
        study_id,
        indicator_id,
        region_code,
        year,
        raw_value,
        value_origin,
        year_before,
        year_after,
        quality,
        {{ joined_notes('note_before', 'note_after', '; ') }} as quality_note,
        {{ joined_notes('note_before_zh', 'note_after_zh', '；') }} as quality_note_zh,
        cell_status
    from noted
)

select * from final
