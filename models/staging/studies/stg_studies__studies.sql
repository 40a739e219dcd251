with source as (
    {{ with_workspace(ref('studies')) }}
),

final as (
    select
        study_id,
        paper as paper_id,
        coalesce(label, label_zh) as label,
        coalesce(label_zh, label) as label_zh,
        first_year,
        last_year,
        default_method_id,
        grade_scheme_id,
        grouping_id,
        coalesce(development_threshold_set, 'within_a_fifth')
            as development_threshold_set,
        row_origin
    from source
)

select * from final
