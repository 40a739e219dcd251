with revisions as (
    select * from {{ ref('stg_workspace__revisions') }}
),

final as (
    select
        position as landing_position,
        series_id,
        region_code,
        year,
        value_before,
        value_after,
        case
            when value_before is null then 'added'
            when value_after is null then 'removed'
            else 'changed'
        end as kind,
        landing_id,
        file_name,
        landed_at
    from revisions
)

select * from final
