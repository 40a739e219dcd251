-- Count and years of the figures are those that the origin of each series states.
with counted as (
    select
        source_id,
        count(*) as figure_count,
        min(year) as first_year,
        max(year) as last_year
    from {{ ref('int_observations') }}
    group by source_id
),

stated as (
    select * from {{ ref('stg_reference__sources') }}
)

select
    stated.source_id,
    stated.figure_count as figures_stated,
    counted.figure_count as figures_found
from stated
full outer join counted on stated.source_id = counted.source_id
where
    stated.figure_count is distinct from coalesce(counted.figure_count, 0)
    or stated.first_year <> counted.first_year
    or stated.last_year <> counted.last_year
