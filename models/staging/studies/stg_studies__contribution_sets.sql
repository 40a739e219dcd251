with source as (
    {{ with_workspace(ref('contribution_sets')) }}
),

final as (
    select
        contribution_set_id,
        study_id,
        system_id,
        contribution,
        row_origin
    from source
)

select * from final
