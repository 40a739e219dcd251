with source as (
    select * from {{ ref('paper_09_tables_1_2_investment') }}
),

final as (
    select
        year,
        project_count,
        cast(amount_thb_billion as double) as amount_thb_billion,
        amount_thb_billion as amount_thb_billion_printed,
        cast(growth_pct as double) as growth_pct,
        growth_pct as growth_pct_printed,
        cast(share_of_projects_pct as double) as share_of_projects_pct,
        share_of_projects_pct as share_of_projects_pct_printed,
        cast(share_of_amount_pct as double) as share_of_amount_pct,
        share_of_amount_pct as share_of_amount_pct_printed
    from source
)

select * from final
