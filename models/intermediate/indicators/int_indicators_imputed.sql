-- Every cell of every study: observed, or linear between the known years around it, or
-- the nearest known value carried. Known years outside the study's years count. A value
-- without meaning is not filled, nor is a year of which the study has no figure.
with panel as (
    select
        panel.study_id,
        panel.region_code,
        panel.year,
        years.has_figures
    from {{ ref('int_study_panel') }} as panel
    inner join {{ ref('int_study_years_judged') }} as years
        on panel.study_id = years.study_id and panel.year = years.year
),

indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where is_computed
),

known as (
    select * from {{ ref('int_indicators_derived') }}
),

bracketed as (
    select
        panel.study_id,
        indicators.indicator_id,
        panel.region_code,
        panel.year,
        panel.has_figures,
        max(case when known.year <= panel.year then known.year end) as year_before,
        min(case when known.year >= panel.year then known.year end) as year_after
    from panel
    inner join indicators on panel.study_id = indicators.study_id
    left join known
        on
            panel.study_id = known.study_id
            and indicators.indicator_id = known.indicator_id
            and panel.region_code = known.region_code
            and panel.has_figures
            and (known.status = 'computed' or panel.year = known.year)
    group by
        panel.study_id,
        indicators.indicator_id,
        panel.region_code,
        panel.year,
        panel.has_figures
),

valued as (
    select
        bracketed.study_id,
        bracketed.indicator_id,
        bracketed.region_code,
        bracketed.year,
        bracketed.has_figures,
        bracketed.year_before,
        bracketed.year_after,
        earlier.raw_value as value_before,
        later.raw_value as value_after,
        greatest(
            coalesce(earlier.quality, later.quality),
            coalesce(later.quality, earlier.quality)
        ) as quality,
        {{ joined_notes('earlier.quality_note', 'later.quality_note', '; ') }}
            as quality_note,
        {{ joined_notes('earlier.quality_note_zh', 'later.quality_note_zh', '；') }}
            as quality_note_zh,
        earlier.status as earlier_status
    from bracketed
    left join known as earlier
        on
            bracketed.study_id = earlier.study_id
            and bracketed.indicator_id = earlier.indicator_id
            and bracketed.region_code = earlier.region_code
            and bracketed.year_before = earlier.year
    left join known as later
        on
            bracketed.study_id = later.study_id
            and bracketed.indicator_id = later.indicator_id
            and bracketed.region_code = later.region_code
            and bracketed.year_after = later.year
),

final as (
    select
        study_id,
        indicator_id,
        region_code,
        year,
        case
            when year_before = year then value_before
            when year_before is null then value_after
            when year_after is null then value_before
            else
                value_before
                + (value_after - value_before)
                * (year - year_before) / (year_after - year_before)
        end as raw_value,
        case
            when earlier_status = 'base_not_positive' then 'missing'
            when year_before = year then 'observed'
            when year_before is not null and year_after is not null
                then 'interpolated'
            when year_before is not null or year_after is not null then 'carried'
            else 'missing'
        end as value_origin,
        year_before,
        year_after,
        quality,
        quality_note,
        quality_note_zh,
        case
            when not has_figures then 'no_figures_in_year'
            when earlier_status = 'base_not_positive' then 'base_not_positive'
            when coalesce(year_before, year_after) is null then 'missing_value'
            else 'computed'
        end as cell_status
    from valued
)

select * from final
