-- Smallest and largest value of each indicator in each scope, and whether the scope can
-- tell regions apart by it. scope_year is the year, or 0 where the scope is the panel.
with cells as (
    select * from {{ ref('int_indicators_imputed') }}
),

wanted as (
    select
        study_methods.study_id,
        methods.normalisation_scope,
        methods.weight_scope
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

-- the coverage of every study is that of its panel
scopes as (
    select
        study_id,
        'panel' as normalisation_scope
    from wanted
    union
    select
        study_id,
        normalisation_scope
    from wanted
    union
    select
        study_id,
        weight_scope as normalisation_scope
    from wanted
),

bounded as (
    select
        cells.study_id,
        cells.indicator_id,
        scopes.normalisation_scope,
        case scopes.normalisation_scope when 'year' then cells.year else 0 end
            as scope_year,
        cast(
            count(case when cells.cell_status <> 'no_figures_in_year' then 1 end) as int
        ) as cell_count,
        cast(count(cells.raw_value) as int) as value_count,
        min(cells.raw_value) as min_value,
        max(cells.raw_value) as max_value
    from cells
    inner join scopes on cells.study_id = scopes.study_id
    group by
        cells.study_id,
        cells.indicator_id,
        scopes.normalisation_scope,
        case scopes.normalisation_scope when 'year' then cells.year else 0 end
),

final as (
    select
        *,
        case
            when cell_count = 0 then 'no_figures_in_year'
            when value_count = 0 then 'no_data'
            when cell_count = 1 then 'single_region_year'
            when
                max_value - min_value
                <= 1e-12 * greatest(abs(max_value), abs(min_value))
                then 'constant'
            else 'usable'
        end as scope_status
    from bounded
)

select * from final
