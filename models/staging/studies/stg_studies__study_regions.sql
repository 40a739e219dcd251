with source as (
    {{ with_workspace(ref('study_regions')) }}
),

final as (
    select
        study_id,
        region_code,
        row_origin
    from source
)

select * from final
