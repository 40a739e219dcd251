-- How much of each paper's catalogue the figures carry, and how many cells were filled.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
    where normalisation_scope = 'panel'
),

cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

catalogue as (
    select
        indicators.study_id,
        count(*) as paper_indicators,
        count(*) filter (where indicators.coverage_status = 'measured') as measured,
        count(*) filter (where indicators.coverage_status = 'proxy') as proxy,
        count(*) filter (where indicators.coverage_status = 'no_series') as no_series,
        count(*) filter (where indicators.coverage_status = 'excluded') as excluded,
        count(*) filter (where scopes.scope_status in ('no_data', 'constant'))
            as degenerate
    from indicators
    left join scopes
        on
            indicators.study_id = scopes.study_id
            and indicators.indicator_id = scopes.indicator_id
    group by indicators.study_id
),

filled as (
    select
        study_id,
        count(*) as cells,
        count(*) filter (where value_origin = 'observed') as observed_cells,
        count(*) filter (where value_origin = 'interpolated') as interpolated_cells,
        count(*) filter (where value_origin = 'carried') as carried_cells,
        count(*) filter (where value_origin = 'missing') as missing_cells
    from cells
    group by study_id
),

final as (
    select
        catalogue.study_id,
        catalogue.paper_indicators,
        catalogue.measured,
        catalogue.proxy,
        catalogue.no_series,
        catalogue.excluded,
        catalogue.degenerate,
        coalesce(filled.cells, 0) as cells,
        coalesce(filled.observed_cells, 0) as observed_cells,
        coalesce(filled.interpolated_cells, 0) as interpolated_cells,
        coalesce(filled.carried_cells, 0) as carried_cells,
        coalesce(filled.missing_cells, 0) as missing_cells,
        (catalogue.measured + catalogue.proxy) / catalogue.paper_indicators
            as computed_share,
        filled.interpolated_cells / nullif(filled.cells, 0) as interpolated_share,
        filled.carried_cells / nullif(filled.cells, 0) as carried_share
    from catalogue
    left join filled on catalogue.study_id = filled.study_id
)

select * from final
