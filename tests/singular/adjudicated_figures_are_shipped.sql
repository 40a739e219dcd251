-- The figure that the last decision took ships; one that it withheld is blank.
with decided as (
    select * from {{ ref('dim_adjudications') }}
    qualify row_number() over (
        partition by region_code, year, series_id
        order by step desc
    ) = 1
),

observations as (
    select * from {{ ref('int_observations') }}
)

select
    decided.region_code,
    decided.year,
    decided.series_id,
    decided.taken_value,
    observations.shipped_value
from decided
left join observations
    on
        decided.region_code = observations.region_code
        and decided.year = observations.year
        and decided.series_id = observations.series_id
where decided.taken_value is distinct from observations.shipped_value
