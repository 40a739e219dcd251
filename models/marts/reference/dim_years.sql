with years as (
    select year from {{ ref('int_observations') }}
    union distinct
    select year from {{ ref('int_study_panel') }}
),

final as (
    select
        year,
        make_date(year, 1, 1) as year_start_date
    from years
)

select * from final
