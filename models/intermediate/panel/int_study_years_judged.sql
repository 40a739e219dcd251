-- Which years of a study have a figure at all: a value of one indicator in one region.
-- A year without any is not computed, and nothing is carried into it.
with panel as (
    select distinct
        study_id,
        year
    from {{ ref('int_study_panel') }}
),

by_indicator as (
    select distinct
        indicator_key,
        year
    from {{ ref('int_values_derived') }}
),

derived as (
    select distinct
        placed.study_id,
        by_indicator.year
    from by_indicator
    inner join {{ ref('int_indicators_placed') }} as placed
        on by_indicator.indicator_key = placed.indicator_key
),

final as (
    select
        panel.study_id,
        panel.year,
        derived.year is not null as has_figures
    from panel
    left join derived
        on panel.study_id = derived.study_id and panel.year = derived.year
)

select * from final
