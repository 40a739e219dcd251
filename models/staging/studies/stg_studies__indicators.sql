with source as (
    {{ with_workspace(ref('indicators')) }}
),

final as (
    select
        study_id,
        system_id,
        criterion,
        criterion_zh,
        indicator_id,
        position as indicator_position,
        label,
        label_zh,
        unit,
        direction,
        operator,
        numerator as numerator_series_id,
        denominator as denominator_series_id,
        scale,
        depreciation_rate,
        initial_growth_rate,
        given_weight,
        status as coverage_status,
        coalesce(status in ('measured', 'proxy'), false) as is_computed,
        note as coverage_note,
        row_origin
    from source
)

select * from final
