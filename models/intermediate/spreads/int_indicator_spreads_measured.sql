-- Mean, sample standard deviation and entropy of each usable indicator in its scope of
-- weights: p = y / sum y, e = -(1 / ln N) sum p ln p, with 0 ln 0 = 0. With z = y / max
-- y and S = sum z that is e = (ln S - sum z ln z / S) / ln N. Methods that share scale,
-- zero rule and scope of weights share what is measured.
with methods as (
    select * from {{ ref('int_methods_prepared') }}
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

blocks as (
    select * from {{ ref('int_scale_columns') }}
),

measured as (
    select * from {{ ref('int_scale_moments_measured') }}
),

relative as (
    select
        forms.form_key,
        blocks.scope_year,
        blocks.place,
        blocks.block,
        {% call each('blocks.scaled_values', 'y') %}
            (forms.lowest_value + forms.value_span * y)
            / nullif(forms.lowest_value + forms.value_span * measured.largest, 0)
        {% endcall %} as z
    from blocks
    inner join forms
        on blocks.scale_key = forms.scale_key and blocks.scope = forms.weight_scope
    inner join measured
        on
            blocks.scale_key = measured.scale_key
            and blocks.scope = measured.scope
            and blocks.scope_year = measured.scope_year
            and blocks.place = measured.place
),

summed as (
    select
        form_key,
        scope_year,
        place,
        block,
        list_sum(z) as total,
        coalesce(list_sum({{ each('z', 'v', 'v * ln(nullif(v, 0))') }}), 0)
            as total_of_logs
    from relative
),

shared as (
    select
        form_key,
        scope_year,
        place,
        list_sum({{ in_order('total', 'block') }}) as total,
        list_sum({{ in_order('total_of_logs', 'block') }}) as total_of_logs
    from summed
    group by form_key, scope_year, place
),

final as (
    select
        judged.study_id,
        judged.method_id,
        judged.system_id,
        judged.indicator_id,
        judged.scope_year,
        methods.lowest_value + methods.value_span * measured.mean as mean,
        (ln(nullif(shared.total, 0)) - shared.total_of_logs / nullif(shared.total, 0))
        / nullif(ln(measured.n), 0) as entropy,
        methods.value_span
        * (measured.largest - measured.smallest)
        * sqrt(coalesce(measured.total_of_squares, 0) / nullif(measured.n - 1, 0))
            as standard_deviation,
        count(*) over (
            partition by
                judged.study_id, judged.method_id, judged.system_id, judged.scope_year
        ) = 1 as is_alone
    from {{ ref('int_indicators_judged') }} as judged
    inner join {{ ref('int_indicators_placed') }} as placed
        on
            judged.study_id = placed.study_id
            and judged.indicator_id = placed.indicator_id
    inner join methods
        on
            judged.study_id = methods.study_id
            and judged.method_id = methods.method_id
    inner join measured
        on
            methods.scale_key = measured.scale_key
            and methods.weight_scope = measured.scope
            and judged.scope_year = measured.scope_year
            and placed.place = measured.place
    inner join shared
        on
            methods.form_key = shared.form_key
            and judged.scope_year = shared.scope_year
            and placed.place = shared.place
    where judged.status = 'usable' and measured.n > 0
)

select * from final
