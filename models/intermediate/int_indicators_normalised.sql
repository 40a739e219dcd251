-- Positive: (x - min) / (max - min). Negative: (max - x) / (max - min). Then the zero
-- rule of the method: exact leaves y, shift maps y to epsilon + (1 - epsilon) y.
with cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

scaled as (
    select
        cells.study_id,
        indicators.system_id,
        cells.indicator_id,
        cells.region_code,
        cells.year,
        scopes.normalisation_scope,
        scopes.scope_year,
        cells.raw_value,
        cells.value_origin,
        cells.quality,
        cells.quality_note,
        case
            when cells.cell_status = 'no_figures_in_year' then cells.cell_status
            when scopes.scope_status <> 'usable' then scopes.scope_status
            else cells.cell_status
        end as status,
        case
            when scopes.scope_status = 'usable' and indicators.direction = '+'
                then
                    (cells.raw_value - scopes.min_value)
                    / (scopes.max_value - scopes.min_value)
            when scopes.scope_status = 'usable' and indicators.direction = '-'
                then
                    (scopes.max_value - cells.raw_value)
                    / (scopes.max_value - scopes.min_value)
        end as y
    from cells
    inner join indicators
        on
            cells.study_id = indicators.study_id
            and cells.indicator_id = indicators.indicator_id
    inner join scopes
        on
            cells.study_id = scopes.study_id
            and cells.indicator_id = scopes.indicator_id
            and scopes.scope_year in (0, cells.year)
),

final as (
    select
        scaled.study_id,
        methods.method_id,
        scaled.system_id,
        scaled.indicator_id,
        scaled.region_code,
        scaled.year,
        scaled.scope_year,
        scaled.raw_value,
        scaled.value_origin,
        scaled.quality,
        scaled.quality_note,
        case methods.zero_rule
            when 'exact' then scaled.y
            when 'shift' then methods.epsilon + (1 - methods.epsilon) * scaled.y
        end as normalised_value,
        scaled.status
    from scaled
    inner join methods on scaled.normalisation_scope = methods.normalisation_scope
)

select * from final
