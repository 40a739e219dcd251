-- One row per figure that a landing changed, the latest landing first.
select
    coalesce(spoken(series.label, series.label_zh), changes.series_id) as label,
    series.unit,
    coalesce(region_name(regions.region, regions.name_zh), changes.region_code)
        as region,
    changes.*
from marts.fct_data_revisions as changes
left join marts.dim_series as series on changes.series_id = series.series_id
left join marts.dim_regions as regions
    on changes.region_code = regions.region_code
order by
    changes.landing_position desc,
    changes.series_id asc,
    changes.region_code asc,
    changes.year asc
limit $listed
