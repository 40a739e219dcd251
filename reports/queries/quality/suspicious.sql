-- One row per figure worth a look, with the names of series and region.
select
    spoken(series.label, series.label_zh) as label,
    series.unit,
    region_name(regions.region, regions.name_zh) as region,
    found.region_code,
    found.year,
    found.series_id,
    found.value,
    found.value_before,
    found.value_after,
    found.ratio_to_year_before,
    found.quality,
    spoken(found.quality_note, found.quality_note_zh) as quality_note,
    spoken(found.reason, found.reason_zh) as reason
from quality.qc_suspicious_observations as found
inner join marts.dim_series as series on found.series_id = series.series_id
inner join marts.dim_regions as regions
    on found.region_code = regions.region_code
order by found.series_id, found.region_code, found.year
limit $listed
