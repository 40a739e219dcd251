with systems as (
    select * from {{ ref('stg_studies__systems') }}
),

final as (
    select
        study_id,
        system_id,
        system_position,
        label,
        label_zh,
        contribution
    from systems
)

select * from final
