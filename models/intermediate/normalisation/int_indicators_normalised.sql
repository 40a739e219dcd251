-- The normalised value of every cell under each method: the scaled value after the zero
-- rule, with the cell that it comes from, under the names of study, method, system,
-- indicator and region. weight_scope_year is the scope of the weights, scope_year that
-- of the normalisation.
{{ config(materialized='view') }}
with scaled as (
    select
        study_key,
        scale_key,
        region_key,
        year,
        scope_year,
        unnest(scaled_values) as scaled_value,
        generate_subscripts(scaled_values, 1) as place
    from {{ ref('int_panel_scaled') }}
),

methods as (
    select
        prepared.*,
        methods.normalisation,
        methods.goalpost_set_id
    from {{ ref('int_methods_prepared') }} as prepared
    inner join {{ ref('stg_studies__methods') }} as methods
        on prepared.method_id = methods.method_id
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

scopes as (
    select * from {{ ref('int_indicator_scopes_bounded') }}
),

goalposts as (
    select * from {{ ref('stg_studies__goalposts') }}
),

judged as (
    select
        methods.study_id,
        methods.method_id,
        placed.system_id,
        placed.indicator_id,
        regions.region_code,
        scaled.year,
        scaled.scope_year,
        case methods.weight_scope when 'year' then scaled.year else 0 end
            as weight_scope_year,
        methods.lowest_value + methods.value_span * scaled.scaled_value
            as normalised_value,
        case
            when scopes.scope_status <> 'usable' then scopes.scope_status
            when
                methods.normalisation = 'vector'
                and placed.direction = '+'
                and scopes.min_value < 0
                then 'negative_value'
            when methods.normalisation = 'goalpost' and goalposts.low is null
                then 'no_goalpost'
        end as unusable_status
    from scaled
    inner join methods on scaled.scale_key = methods.scale_key
    inner join placed
        on scaled.study_key = placed.study_key and scaled.place = placed.place
    inner join regions on scaled.region_key = regions.region_key
    inner join scopes
        on
            placed.study_id = scopes.study_id
            and placed.indicator_id = scopes.indicator_id
            and methods.normalisation_scope = scopes.normalisation_scope
            and scaled.scope_year = scopes.scope_year
    left join goalposts
        on
            methods.normalisation = 'goalpost'
            and methods.goalpost_set_id = goalposts.goalpost_set_id
            and placed.study_id = goalposts.study_id
            and placed.indicator_id = goalposts.indicator_id
),

final as (
    select
        judged.study_id,
        judged.method_id,
        judged.system_id,
        judged.indicator_id,
        judged.region_code,
        judged.year,
        judged.scope_year,
        judged.weight_scope_year,
        cells.raw_value,
        cells.value_origin,
        cells.quality,
        cells.quality_note,
        cells.quality_note_zh,
        case when judged.unusable_status is null then judged.normalised_value end
            as normalised_value,
        case
            when cells.cell_status = 'no_figures_in_year' then cells.cell_status
            when
                judged.unusable_status in ('negative_value', 'no_goalpost')
                and cells.cell_status <> 'computed'
                then cells.cell_status
            else coalesce(judged.unusable_status, cells.cell_status)
        end as status
    from judged
    inner join cells
        on
            judged.study_id = cells.study_id
            and judged.indicator_id = cells.indicator_id
            and judged.region_code = cells.region_code
            and judged.year = cells.year
)

select * from final
