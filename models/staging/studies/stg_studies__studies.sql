with source as (
    {{ with_workspace(ref('studies')) }}
),

final as (
    select
        study_id,
        paper as paper_id,
        label,
        label_zh,
        first_year,
        last_year,
        default_method_id,
        grade_scheme_id,
        row_origin
    from source
)

select * from final
