-- A row for each region and year of a study: the values of its indicators in a list, by
-- their places. A place without a value is NULL; undefined_places are those whose value
-- has no meaning.
with panel as (
    select * from {{ ref('int_study_panel') }}
),

years as (
    select * from {{ ref('int_study_years_judged') }}
),

studies as (
    select * from {{ ref('int_studies_numbered') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

cells as (
    select
        placed.study_key,
        filled.region_key,
        filled.year,
        {{ in_order('filled.raw_value', 'placed.place') }} as raw_values,
        count(filled.raw_value) < count(*) as has_gap,
        {{ in_order('placed.place', 'placed.place') }} filter (
            where filled.cell_status = 'base_not_positive'
        ) as undefined_places
    from {{ ref('int_values_filled') }} as filled
    inner join {{ ref('int_indicators_placed') }} as placed
        on filled.indicator_key = placed.indicator_key
    group by placed.study_key, filled.region_key, filled.year
),

final as (
    select
        studies.study_key,
        regions.region_key,
        panel.year,
        cast(row_number() over (
            partition by panel.study_id order by panel.region_code, panel.year
        ) as int) as row_place,
        years.has_figures,
        cells.raw_values,
        coalesce(cells.has_gap, true) as has_gap,
        cells.undefined_places
    from panel
    inner join studies on panel.study_id = studies.study_id
    inner join years
        on panel.study_id = years.study_id and panel.year = years.year
    inner join regions on panel.region_code = regions.region_code
    left join cells
        on
            studies.study_key = cells.study_key
            and regions.region_key = cells.region_key
            and panel.year = cells.year
)

select * from final
