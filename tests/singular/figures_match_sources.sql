-- Count and years of the figures are those that the origin of each series states: of a
-- shipped series the shipped figures, also those that a user's own have replaced.
with stated as (
    select * from {{ ref('stg_reference__sources') }}
),

counted as (
    select
        stated.source_id,
        count(observations.value) as figure_count,
        min(observations.year) as first_year,
        max(observations.year) as last_year
    from stated
    inner join {{ ref('int_observations') }} as observations
        on
            stated.series_id = observations.series_id
            and (observations.shipped_value is not null or not stated.is_shipped)
            and observations.year between stated.first_year and stated.last_year
    inner join {{ ref('stg_reference__regions') }} as regions
        on
            observations.region_code = regions.region_code
            and coalesce(stated.region_level = regions.level_of_figures, true)
    group by stated.source_id
)

-- a shipped figure without a source is one too many
select
    coalesce(observations.source_id, 'none') as source_id,
    0 as figures_stated,
    count(*) as figures_found
from {{ ref('int_observations') }} as observations
where observations.source_id is null and observations.figure_origin = 'shipped'
group by observations.source_id
union all
select
    stated.source_id,
    stated.figure_count as figures_stated,
    counted.figure_count as figures_found
from stated
left join counted on stated.source_id = counted.source_id
where
    stated.figure_count is distinct from coalesce(counted.figure_count, 0)
    or stated.first_year <> counted.first_year
    or stated.last_year <> counted.last_year
