-- The values that a method wants standardised, between the extremes of their scope by
-- direction (scaled_value) and, for the vector length, as they are or as max - x where
-- less is better (directed_value); what shifts and stretches x leaves both as they are.
with wanted as (
    select distinct
        study_methods.study_id,
        methods.normalisation,
        methods.normalisation_scope
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
    where methods.normalisation in ('z_score', 'rank', 'vector')
),

scopes as (
    select
        wanted.study_id,
        wanted.normalisation,
        wanted.normalisation_scope,
        bounded.scope_year,
        placed.indicator_id,
        placed.indicator_key,
        placed.direction,
        bounded.min_value,
        bounded.max_value
    from wanted
    inner join {{ ref('int_indicator_scopes_bounded') }} as bounded
        on
            wanted.study_id = bounded.study_id
            and wanted.normalisation_scope = bounded.normalisation_scope
    inner join {{ ref('int_indicators_placed') }} as placed
        on
            bounded.study_id = placed.study_id
            and bounded.indicator_id = placed.indicator_id
    where bounded.scope_status = 'usable'
),

scaled as (
    select
        scopes.*,
        filled.region_key,
        filled.year,
        filled.raw_value,
        case scopes.direction
            when '-' then scopes.max_value - filled.raw_value
            else filled.raw_value - scopes.min_value
        end / (scopes.max_value - scopes.min_value) as scaled_value
    from scopes
    inner join {{ ref('int_values_filled') }} as filled
        on
            scopes.indicator_key = filled.indicator_key
            and scopes.scope_year in (0, filled.year)
    where filled.raw_value is not null
),

final as (
    select
        study_id,
        normalisation,
        normalisation_scope,
        scope_year,
        indicator_id,
        region_key,
        year,
        scaled_value,
        case direction
            when '-' then scaled_value
            else raw_value / greatest(abs(max_value), abs(min_value))
        end as directed_value
    from scaled
)

select * from final
