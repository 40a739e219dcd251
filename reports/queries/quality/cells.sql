-- One row per study, indicator that it lists and year: its cells by origin.
--
-- A cell is one region. Published cells hold a figure as it is printed, derived ones
-- what an operator makes of figures. Cells of an indicator not in use count as its
-- coverage status: no_series, excluded, or else missing. The counts add up to cells.
select
    cells.study_id,
    spoken(studies.label, studies.label_zh) as study,
    cells.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    indicators.coverage_status,
    indicators.is_computed,
    cells.year,
    cells.cells,
    cells.published_cells as published,
    cells.derived_cells as derived,
    cells.interpolated_cells as interpolated,
    cells.carried_cells as carried,
    cells.no_series_cells as no_series,
    cells.excluded_cells as excluded,
    cells.missing_cells as missing
from quality.qc_indicator_cells as cells
inner join marts.dim_indicators as indicators
    on
        cells.study_id = indicators.study_id
        and cells.indicator_id = indicators.indicator_id
inner join marts.dim_studies as studies on cells.study_id = studies.study_id
inner join marts.dim_systems as systems
    on
        indicators.study_id = systems.study_id
        and indicators.system_id = systems.system_id
order by
    studies.paper_id nulls last,
    cells.study_id,
    systems.system_position,
    indicators.indicator_position,
    cells.indicator_id,
    cells.year
