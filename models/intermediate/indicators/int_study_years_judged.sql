-- Which years of a study have a figure at all: a value of one indicator in one region.
-- A year without any is not computed, and nothing is carried into it.
with panel as (
    select distinct
        study_id,
        year
    from {{ ref('int_study_panel') }}
),

derived as (
    select distinct
        study_id,
        year
    from {{ ref('int_indicators_derived') }}
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
