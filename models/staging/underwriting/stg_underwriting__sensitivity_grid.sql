with source as (
    select * from {{ ref('sensitivity_grid') }}
),

final as (
    select
        party,
        first_value,
        last_value,
        step
    from source
)

select * from final
