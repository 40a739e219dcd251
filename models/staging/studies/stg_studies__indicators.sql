-- An indicator without criterion stands under its system.
with source as (
    {{ with_workspace(ref('indicators')) }}
),

systems as (
    select * from {{ ref('stg_studies__systems') }}
),

final as (
    select
        source.study_id,
        source.system_id,
        coalesce(source.criterion, source.criterion_zh, systems.label) as criterion,
        coalesce(source.criterion_zh, source.criterion, systems.label_zh)
            as criterion_zh,
        source.indicator_id,
        source.position as indicator_position,
        coalesce(source.label, source.label_zh) as label,
        coalesce(source.label_zh, source.label) as label_zh,
        source.unit,
        source.direction,
        source.operator,
        source.numerator as numerator_series_id,
        source.denominator as denominator_series_id,
        case
            when source.status in ('measured', 'proxy') then coalesce(source.scale, 1)
            else source.scale
        end as scale,
        source.depreciation_rate,
        source.initial_growth_rate,
        source.given_weight,
        source.status as coverage_status,
        coalesce(source.status in ('measured', 'proxy'), false) as is_computed,
        coalesce(source.note, source.note_zh) as coverage_note,
        coalesce(source.note_zh, source.note) as coverage_note_zh,
        coalesce(source.reference_total, 'country') as reference_total,
        source.negative_base,
        source.row_origin
    from source
    left join systems
        on
            source.study_id = systems.study_id
            and source.system_id = systems.system_id
)

select * from final
