-- One row per English name of regions: the name in the language spoken.
--
-- A name that several regions of different names in the language bear is that of the
-- province among them; without one, or with several, it is left out.
with regions as (
    select
        region,
        region_name(region, name_zh) as name,
        region_level = 'province' as is_province
    from marts.dim_regions
)

select
    region,
    coalesce(min(name) filter (where is_province), min(name)) as name
from regions
group by region
having
    count(distinct name) = 1
    or count(distinct name) filter (where is_province) = 1
