with source as (
    select * from {{ ref('detector_parameters') }}
),

final as (
    select
        parameter,
        value,
        rule_version
    from source
)

select * from final
