-- Number, extremes, mean and squared deviations of the scaled values of each indicator
-- in each scope, before the zero rule. Deviations are told as shares of the range.
with blocks as (
    select * from {{ ref('int_scale_columns') }}
),

summed as (
    select
        *,
        list_count(scaled_values) as value_count,
        list_sum(scaled_values) as total
    from blocks
),

bounded as (
    select
        scale_key,
        scope,
        scope_year,
        place,
        sum(value_count) as n,
        max(list_max(scaled_values)) as largest,
        min(list_min(scaled_values)) as smallest,
        list_sum({{ in_order('total', 'block') }}) / nullif(sum(value_count), 0) as mean
    from summed
    group by scale_key, scope, scope_year, place
),

deviating as (
    select
        blocks.scale_key,
        blocks.scope,
        blocks.scope_year,
        blocks.place,
        blocks.block,
        list_sum({% call each('blocks.scaled_values', 'y') %}
            power(
                (y - bounded.mean) / nullif(bounded.largest - bounded.smallest, 0), 2
            )
        {% endcall %}) as total_of_squares
    from blocks
    inner join bounded
        on
            blocks.scale_key = bounded.scale_key
            and blocks.scope = bounded.scope
            and blocks.scope_year = bounded.scope_year
            and blocks.place = bounded.place
),

squared as (
    select
        scale_key,
        scope,
        scope_year,
        place,
        list_sum({{ in_order('total_of_squares', 'block') }}) as total_of_squares
    from deviating
    group by scale_key, scope, scope_year, place
),

final as (
    select
        bounded.*,
        squared.total_of_squares
    from bounded
    inner join squared
        on
            bounded.scale_key = squared.scale_key
            and bounded.scope = squared.scope
            and bounded.scope_year = squared.scope_year
            and bounded.place = squared.place
)

select * from final
