with source as (
    select * from {{ ref('study_regions') }}
),

final as (
    select
        study_id,
        region_code
    from source
)

select * from final
