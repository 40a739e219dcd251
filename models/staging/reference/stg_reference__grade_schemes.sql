with source as (
    {{ with_workspace(ref('grade_schemes')) }}
),

final as (
    select
        grade_scheme_id,
        level as grade_level,
        lower as lower_bound,
        upper as upper_bound,
        coalesce(grade, grade_zh) as grade,
        coalesce(grade_zh, grade) as grade_zh,
        coalesce(closed_side, 'right') as closed_side,
        row_origin
    from source
)

select * from final
