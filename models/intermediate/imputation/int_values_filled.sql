-- Every cell of every study: observed, or linear between the known years around it, or
-- the nearest known value carried. A value without meaning is not filled, nor is a year
-- of which the study has no figure.
with years as (
    select
        placed.indicator_key,
        years.year
    from {{ ref('int_study_years_judged') }} as years
    inner join {{ ref('int_indicators_placed') }} as placed
        on years.study_id = placed.study_id
),

-- the cells that have a value of their own, or one without meaning
observed as (
    select known.*
    from {{ ref('int_values_derived') }} as known
    inner join years
        on
            known.indicator_key = years.indicator_key
            and known.year = years.year
),

filled as (
    select * from {{ ref('int_gaps_bracketed') }}
),

final as (
    select
        indicator_key,
        region_key,
        year,
        raw_value,
        case when has_no_base then 'missing' else 'observed' end as value_origin,
        year as year_before,
        year as year_after,
        quality,
        case when has_no_base then 'base_not_positive' else 'computed' end
            as cell_status,
        source_key as source_before_key,
        other_source_key as other_source_before_key,
        cast(null as int) as source_after_key,
        cast(null as int) as other_source_after_key
    from observed
    union all
    select
        indicator_key,
        region_key,
        year,
        case
            when year_before is null then value_after
            when year_after is null then value_before
            else
                value_before
                + (value_after - value_before)
                * (year - year_before) / (year_after - year_before)
        end as raw_value,
        case
            when year_before is not null and year_after is not null
                then 'interpolated'
            when year_before is not null or year_after is not null then 'carried'
            else 'missing'
        end as value_origin,
        year_before,
        year_after,
        greatest(
            coalesce(quality_before, quality_after),
            coalesce(quality_after, quality_before)
        ) as quality,
        case
            when not has_figures then 'no_figures_in_year'
            when coalesce(year_before, year_after) is null then 'missing_value'
            else 'computed'
        end as cell_status,
        source_before_key,
        other_source_before_key,
        source_after_key,
        other_source_after_key
    from filled
)

select * from final
