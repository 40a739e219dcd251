with source as (
    {{ with_workspace(ref('study_methods')) }}
),

final as (
    select
        study_id,
        method_id,
        row_origin
    from source
)

select * from final
