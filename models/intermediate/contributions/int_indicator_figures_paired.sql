-- Numerator and denominator of each cell, of the year itself or, where the cell is
-- imputed, of the known year before it (after it where there is none); an interpolated
-- cell has those of the known year after it as well.
with cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

figures as (
    select * from {{ ref('int_indicator_figures_listed') }}
    where figure_year = year
),

numerators as (
    select * from figures
    where role in ('numerator', 'investment')
),

denominators as (
    select * from figures
    where role in ('denominator', 'price_index')
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

dated as (
    select
        cells.*,
        indicators.numerator_series_id,
        indicators.denominator_series_id,
        coalesce(cells.year_before, cells.year_after) as first_year,
        case when cells.year_before < cells.year_after then cells.year_after end
            as second_year
    from cells
    inner join indicators
        on
            cells.study_id = indicators.study_id
            and cells.indicator_id = indicators.indicator_id
),

final as (
    select
        dated.study_id,
        dated.indicator_id,
        dated.region_code,
        dated.year,
        dated.numerator_series_id,
        a.figure as numerator_value,
        a_after.figure as numerator_value_after,
        a.source_id as numerator_source_id,
        a.quality as numerator_quality,
        dated.denominator_series_id,
        b.figure as denominator_value,
        b_after.figure as denominator_value_after,
        b.source_id as denominator_source_id,
        b.quality as denominator_quality,
        dated.raw_value,
        dated.value_origin,
        dated.year_before,
        dated.year_after
    from dated
    left join numerators as a
        on
            dated.study_id = a.study_id
            and dated.indicator_id = a.indicator_id
            and dated.region_code = a.region_code
            and dated.first_year = a.year
    left join numerators as a_after
        on
            dated.study_id = a_after.study_id
            and dated.indicator_id = a_after.indicator_id
            and dated.region_code = a_after.region_code
            and dated.second_year = a_after.year
    left join denominators as b
        on
            dated.study_id = b.study_id
            and dated.indicator_id = b.indicator_id
            and dated.region_code = b.region_code
            and dated.first_year = b.year
    left join denominators as b_after
        on
            dated.study_id = b_after.study_id
            and dated.indicator_id = b_after.indicator_id
            and dated.region_code = b_after.region_code
            and dated.second_year = b_after.year
)

select * from final
