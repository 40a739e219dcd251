-- Sums of products of the usable indicators of a system, each pair once, over the cells
-- that both have: products of lists over some hundred region-years, added up in their
-- order. Only for methods that ask for correlations.
with methods as (
    select * from {{ ref('int_methods_prepared') }}
    where
        method_id in (
            select rules.method_id from {{ ref('int_weight_rules_listed') }} as rules
            where rules.weighting in ('critic', 'pca', 'scatter')
        )
),

forms as (
    select distinct
        form_key,
        scale_key,
        lowest_value,
        value_span,
        weight_scope
    from methods
),

wanted as (
    select distinct
        methods.form_key,
        judged.scope_year,
        placed.place,
        placed.system_place
    from {{ ref('int_indicators_judged') }} as judged
    inner join methods
        on
            judged.study_id = methods.study_id
            and judged.method_id = methods.method_id
    inner join {{ ref('int_indicators_placed') }} as placed
        on
            judged.study_id = placed.study_id
            and judged.indicator_id = placed.indicator_id
    where judged.status = 'usable'
),

aligned as (
    select
        forms.form_key,
        scaled.scope_year,
        scaled.block,
        scaled.place,
        wanted.system_place,
        {{ each(
            'scaled.scaled_values', 'v', 'coalesce(forms.lowest_value + forms.value_span * v, 0)'
        ) }} as y,
        {{ each(
            'scaled.scaled_values', 'v', 'case when v is null then 0.0 else 1.0 end'
        ) }} as is_known
    from {{ ref('int_scale_columns') }} as scaled
    inner join forms
        on scaled.scale_key = forms.scale_key and scaled.scope = forms.weight_scope
    inner join wanted
        on
            forms.form_key = wanted.form_key
            and scaled.scope_year = wanted.scope_year
            and scaled.place = wanted.place
),

totalled as (
    select
        *,
        {{ each('y', 'v', 'v * v') }} as y_squared,
        list_sum(is_known) = len(is_known) as is_whole,
        list_sum(y) as total,
        list_inner_product(y, y) as total_squared
    from aligned
),

-- a product with what is known is needed only where something is not
products as (
    select
        a.form_key,
        a.scope_year,
        a.place,
        b.place as other_place,
        a.block,
        case
            when a.is_whole and b.is_whole then len(a.y)
            else list_inner_product(a.is_known, b.is_known)
        end as n,
        case when b.is_whole then a.total else list_inner_product(a.y, b.is_known)
        end as sum_a,
        case when a.is_whole then b.total else list_inner_product(b.y, a.is_known)
        end as sum_b,
        list_inner_product(a.y, b.y) as sum_ab,
        case
            when b.is_whole then a.total_squared
            else list_inner_product(a.y_squared, b.is_known)
        end as sum_aa,
        case
            when a.is_whole then b.total_squared
            else list_inner_product(b.y_squared, a.is_known)
        end as sum_bb
    from totalled as a
    inner join totalled as b
        on
            a.form_key = b.form_key
            and a.scope_year = b.scope_year
            and a.block = b.block
            and a.system_place = b.system_place
            and a.place < b.place
),

final as (
    select
        form_key,
        scope_year,
        place,
        other_place,
        list_sum({{ in_order('n', 'block') }}) as n,
        list_sum({{ in_order('sum_a', 'block') }}) as sum_a,
        list_sum({{ in_order('sum_b', 'block') }}) as sum_b,
        list_sum({{ in_order('sum_ab', 'block') }}) as sum_ab,
        list_sum({{ in_order('sum_aa', 'block') }}) as sum_aa,
        list_sum({{ in_order('sum_bb', 'block') }}) as sum_bb
    from products
    group by form_key, scope_year, place, other_place
)

select * from final
