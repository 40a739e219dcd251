-- A gain has a rank exactly where a whole step of 0.01 is left, and in every
-- region-year with such a cell one is first.
with gains as (
    select * from {{ ref('fct_marginal_gains') }}
),

without_room as (
    select
        study_id,
        method_id,
        region_code,
        year,
        indicator_id,
        normalised_value,
        gain_rank
    from gains
    where (gain_rank is not null) <> (normalised_value < 0.99 + 1e-12)
),

without_first as (
    select
        study_id,
        method_id,
        region_code,
        year,
        cast(null as string) as indicator_id,
        min(normalised_value) as normalised_value,
        min(gain_rank) as gain_rank
    from gains
    group by study_id, method_id, region_code, year
    having min(normalised_value) < 0.99 and coalesce(min(gain_rank), 0) <> 1
),

final as (
    select * from without_room
    union all
    select * from without_first
)

select * from final
