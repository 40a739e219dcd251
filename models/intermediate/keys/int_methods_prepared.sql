-- The methods of each study with what its lists need: the scale of its values, and the
-- zero rule as y -> lowest_value + value_span y. Methods of one form weigh the same
-- values in the same scopes.
with methods as (
    select
        study_methods.study_id,
        methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

scales as (
    select * from {{ ref('int_scales_numbered') }}
),

numbered as (
    select
        method_id,
        cast(row_number() over (order by method_id) as int) as method_key
    from {{ ref('stg_studies__methods') }}
),

prepared as (
    select
        methods.study_id,
        scales.study_key,
        methods.method_id,
        numbered.method_key,
        scales.scale_key,
        methods.normalisation_scope,
        methods.weight_scope,
        methods.aggregation,
        methods.resolution,
        case methods.zero_rule
            when 'exact' then 0
            when 'shift' then methods.epsilon
            when 'interval' then methods.interval_low
        end as lowest_value,
        case methods.zero_rule
            when 'exact' then 1
            when 'shift' then 1 - methods.epsilon
            when 'interval' then methods.interval_high - methods.interval_low
        end as value_span
    from methods
    inner join numbered on methods.method_id = numbered.method_id
    inner join scales
        on
            methods.study_id = scales.study_id
            and methods.normalisation = scales.normalisation
            and methods.normalisation_scope = scales.normalisation_scope
            and (
                methods.normalisation <> 'goalpost'
                or methods.goalpost_set_id = scales.goalpost_set_id
                or coalesce(methods.goalpost_set_id, scales.goalpost_set_id) is null
            )
),

final as (
    select
        *,
        cast(dense_rank() over (
            order by scale_key, lowest_value, value_span, weight_scope
        ) as int) as form_key
    from prepared
)

select * from final
