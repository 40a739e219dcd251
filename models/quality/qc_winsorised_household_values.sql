-- One row per amount that was pulled back to a quantile before the ratios were formed.
with winsorised as (
    select * from {{ ref('int_household_values_winsorised') }}
),

final as (
    select
        survey_id,
        household_id,
        column_name,
        value,
        winsorised_value,
        bound
    from winsorised
    where bound is not null
)

select * from final
