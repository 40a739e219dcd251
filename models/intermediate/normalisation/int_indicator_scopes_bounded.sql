-- Smallest and largest value of each indicator in each scope, and whether the scope can
-- tell regions apart by it. scope_year is the year, or 0 where the scope is the panel.
with by_year as (
    select
        indicator_key,
        year,
        count(case when cell_status <> 'no_figures_in_year' then 1 end) as cell_count,
        count(raw_value) as value_count,
        min(raw_value) as min_value,
        max(raw_value) as max_value
    from {{ ref('int_values_filled') }}
    group by indicator_key, year
),

years as (
    select
        placed.study_id,
        placed.indicator_id,
        by_year.*
    from by_year
    inner join {{ ref('int_indicators_placed') }} as placed
        on by_year.indicator_key = placed.indicator_key
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
        years.study_id,
        years.indicator_id,
        scopes.normalisation_scope,
        case scopes.normalisation_scope when 'year' then years.year else 0 end
            as scope_year,
        cast(sum(years.cell_count) as int) as cell_count,
        cast(sum(years.value_count) as int) as value_count,
        min(years.min_value) as min_value,
        max(years.max_value) as max_value
    from years
    inner join scopes on years.study_id = scopes.study_id
    group by
        years.study_id,
        years.indicator_id,
        scopes.normalisation_scope,
        case scopes.normalisation_scope when 'year' then years.year else 0 end
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
