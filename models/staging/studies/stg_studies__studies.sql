with source as (
    select * from {{ ref('studies') }}
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
        grade_scheme_id
    from source
)

select * from final
