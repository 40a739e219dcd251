-- The scaled values of one indicator in a list, over some hundred region-years at a
-- time in their order: what is measured of an indicator is measured of these. Over the
-- panel or within years, as the methods on the scale normalise and weigh.
with scopes as (
    select
        scale_key,
        weight_scope as scope
    from {{ ref('int_methods_prepared') }}
    union
    select
        scale_key,
        normalisation_scope as scope
    from {{ ref('int_methods_prepared') }}
),

blocks as (
    select
        scopes.scale_key,
        scopes.scope,
        case scopes.scope when 'year' then panel.year else 0 end as scope_year,
        (panel.row_place - 1) // 512 as block,
        {{ in_order('panel.scaled_values', 'panel.row_place') }} as region_years,
        max(len(panel.scaled_values)) as place_count
    from {{ ref('int_panel_scaled') }} as panel
    inner join scopes on panel.scale_key = scopes.scale_key
    group by
        scopes.scale_key,
        scopes.scope,
        case scopes.scope when 'year' then panel.year else 0 end,
        (panel.row_place - 1) // 512
),

places as (
    select
        *,
        cast(unnest(range(1, place_count + 1)) as int) as place
    from blocks
),

final as (
    select
        scale_key,
        scope,
        scope_year,
        block,
        place,
        {{ each('region_years', 'r', 'r[place]') }} as scaled_values
    from places
)

select * from final
