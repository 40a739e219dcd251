with grades as (
    select * from {{ ref('stg_reference__grade_schemes') }}
),

final as (
    select
        grade_scheme_id,
        grade_level,
        lower_bound,
        upper_bound,
        grade,
        grade_zh,
        row_origin as grade_origin,
        closed_side
    from grades
)

select * from final
