-- Values by z-score, rank or vector length in lists by their places, NULL where there
-- is none; only of studies with a method that asks for them.
with scales as (
    select * from {{ ref('int_scales_numbered') }}
    where normalisation in ('z_score', 'rank', 'vector')
),

placed as (
    select * from {{ ref('int_indicators_placed') }}
),

panel as (
    select * from {{ ref('int_study_panel') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

standardised as (
    select * from {{ ref('int_indicators_standardised') }}
),

final as (
    select
        scales.scale_key,
        regions.region_key,
        panel.year,
        {{ in_order('standardised.standardised_value', 'placed.place') }}
            as scaled_values
    from scales
    inner join placed on scales.study_id = placed.study_id
    inner join panel on scales.study_id = panel.study_id
    inner join regions on panel.region_code = regions.region_code
    left join standardised
        on
            scales.study_id = standardised.study_id
            and scales.normalisation = standardised.normalisation
            and scales.normalisation_scope = standardised.normalisation_scope
            and placed.indicator_id = standardised.indicator_id
            and regions.region_key = standardised.region_key
            and panel.year = standardised.year
    group by scales.scale_key, regions.region_key, panel.year
)

select * from final
