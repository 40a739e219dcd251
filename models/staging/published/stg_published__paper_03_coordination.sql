with source as (
    select * from {{ ref('paper_03_table_4_coordination') }}
),

final as (
    select
        region_as_printed,
        region_as_printed_zh,
        region_code,
        cast(cr_2009 as double) as cr_2009,
        cr_2009 as cr_2009_printed,
        cast(growth_2009_2014_pct as double) as growth_2009_2014_pct,
        growth_2009_2014_pct as growth_2009_2014_pct_printed,
        cast(cr_2014 as double) as cr_2014,
        cr_2014 as cr_2014_printed,
        cast(growth_2015_2019_pct as double) as growth_2015_2019_pct,
        growth_2015_2019_pct as growth_2015_2019_pct_printed,
        cast(cr_2019 as double) as cr_2019,
        cr_2019 as cr_2019_printed,
        cast(growth_2020_2024_pct as double) as growth_2020_2024_pct,
        growth_2020_2024_pct as growth_2020_2024_pct_printed,
        cast(cr_2024 as double) as cr_2024,
        cr_2024 as cr_2024_printed
    from source
)

select * from final
