-- One row per region, year, indicator and figure that its value rests on.
select
    region_code,
    year,
    indicator_id,
    role,
    series_id,
    figure_year,
    figure,
    quality,
    source_id,
    further_source_id
from marts.fct_indicator_figures
where
    study_id = $study_id
    and region_code = coalesce($region_code, region_code)
    and year = coalesce($year, year)
order by
    region_code asc,
    year asc,
    indicator_id asc,
    figure_year asc,
    role like 'denominator%',
    role desc,
    series_id asc
