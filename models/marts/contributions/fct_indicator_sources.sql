-- Sources of the figures behind each indicator, by what each observation states.
with figures as (
    select * from {{ ref('fct_indicator_figures') }}
),

stated as (
    select distinct
        study_id,
        indicator_id,
        series_id,
        figure_year,
        region_code,
        unnest([source_id, further_source_id]) as source_id
    from figures
),

final as (
    select
        study_id,
        indicator_id,
        series_id,
        source_id,
        cast(count(*) as int) as figure_count,
        min(figure_year) as first_year,
        max(figure_year) as last_year
    from stated
    where source_id is not null
    group by study_id, indicator_id, series_id, source_id
)

select * from final
