with source as (
    {{ with_workspace(ref('weight_sets')) }}
),

final as (
    select
        weight_set_id,
        study_id,
        indicator_id,
        weight,
        row_origin
    from source
)

select * from final
