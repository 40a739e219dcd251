-- The values of a region and year brought to 0 to 1, by places, once for each scale.
-- min_max: (x - worst) / (best - worst) with the extremes of the scope. goalpost (as
-- the Human Development Index has it): the same with the goalposts. z_score, rank and
-- vector as standardised. Cut off at 0 and 1.
with panel as (
    select * from {{ ref('int_panel_lined_up') }}
),

scales as (
    select * from {{ ref('int_scales_numbered') }}
),

ends as (
    select * from {{ ref('int_scale_ends_lined_up') }}
),

standardised as (
    select * from {{ ref('int_standardised_lined_up') }}
),

scaled as (
    select
        panel.study_key,
        scales.scale_key,
        panel.region_key,
        panel.year,
        panel.row_place,
        case scales.normalisation_scope when 'year' then panel.year else 0 end
            as scope_year,
        scales.normalisation,
        case
            when scales.normalisation not in ('min_max', 'goalpost')
                then standardised.scaled_values
            else
                {{ each('panel.raw_values', 'x, i', min_max(
                    'x', 'ends.worst_values[i]', 'ends.best_values[i]'
                )) }}
        end as scaled_values,
        panel.has_gap or coalesce(ends.has_gap, true) as has_gap
    from panel
    inner join scales on panel.study_key = scales.study_key
    left join ends
        on
            scales.scale_key = ends.scale_key
            and case scales.normalisation_scope when 'year' then panel.year else 0 end
            = ends.scope_year
    left join standardised
        on
            scales.scale_key = standardised.scale_key
            and panel.region_key = standardised.region_key
            and panel.year = standardised.year
),

-- min-max is within 0 and 1 as it is
final as (
    select
        study_key,
        scale_key,
        region_key,
        year,
        row_place,
        scope_year,
        case
            when normalisation = 'min_max' then scaled_values
            else
                {{ each(
                    'scaled_values', 'y', 'case when y < 0 then 0.0 when y > 1 then 1.0 else y end'
                ) }}
        end as scaled_values,
        has_gap
    from scaled
)

select * from final
