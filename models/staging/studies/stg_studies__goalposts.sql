with source as (
    {{ with_workspace(ref('goalposts')) }}
),

final as (
    select
        goalpost_set_id,
        study_id,
        indicator_id,
        low,
        high,
        row_origin
    from source
)

select * from final
