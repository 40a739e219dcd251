-- Where a value stands between the extremes of its scope, by the direction of the
-- indicator. Positive: (x - min) / (max - min). Negative: (max - x) / (max - min).
with cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

scopes as (
    select distinct bounded.*
    from {{ ref('int_indicator_scopes_bounded') }} as bounded
    inner join {{ ref('int_study_methods') }} as study_methods
        on bounded.study_id = study_methods.study_id
    inner join {{ ref('stg_studies__methods') }} as methods
        on
            study_methods.method_id = methods.method_id
            and bounded.normalisation_scope = methods.normalisation_scope
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
),

final as (
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
        cells.quality_note_zh,
        indicators.direction,
        scopes.min_value,
        scopes.max_value,
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
        end as scaled_value
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
)

select * from final
