with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

final as (
    select
        study_id,
        indicator_id,
        system_id,
        criterion,
        criterion_zh,
        indicator_position,
        label,
        label_zh,
        unit,
        direction,
        operator,
        numerator_series_id,
        denominator_series_id,
        scale,
        depreciation_rate,
        initial_growth_rate,
        given_weight,
        coverage_status,
        coverage_note,
        coverage_note_zh,
        is_computed,
        case when operator = 'location_quotient' then reference_total end
            as reference_total,
        negative_base,
        row_origin as indicator_origin
    from indicators
)

select * from final
