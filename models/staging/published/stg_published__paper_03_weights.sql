with source as (
    select * from {{ ref('paper_03_table_3_weights') }}
),

final as (
    select
        system_id,
        system_zh,
        criterion,
        indicator,
        cast(weight as double) as weight,
        weight as weight_printed
    from source
)

select * from final
