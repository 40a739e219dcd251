-- A cell that is imputed rests on the figures of the one or two known years around it.
with cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

figures as (
    select * from {{ ref('int_indicator_figures_listed') }}
),

final as (
    select
        cells.study_id,
        cells.indicator_id,
        cells.region_code,
        cells.year,
        figures.role,
        figures.series_id,
        figures.figure_year,
        figures.year as derived_year,
        figures.figure,
        figures.source_id,
        figures.quality,
        figures.further_source_id,
        cells.value_origin
    from cells
    inner join figures
        on
            cells.study_id = figures.study_id
            and cells.indicator_id = figures.indicator_id
            and cells.region_code = figures.region_code
            and figures.year in (cells.year_before, cells.year_after)
)

select * from final
