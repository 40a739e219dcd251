-- The information d of each usable indicator in its scope, by the method's weighting:
-- that of its rule, or the combined weight of its rules.
with ruled as (
    select * from {{ ref('int_indicator_information_ruled') }}
),

combined as (
    select * from {{ ref('int_member_weights_combined') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

final as (
    select
        ruled.study_id,
        ruled.method_id,
        ruled.system_id,
        ruled.indicator_id,
        ruled.scope_year,
        ruled.entropy,
        ruled.mean,
        ruled.standard_deviation,
        ruled.conflict,
        case methods.weighting
            when 'combined' then combined.information
            else ruled.information
        end as information
    from ruled
    inner join methods on ruled.method_id = methods.method_id
    left join combined
        on
            ruled.study_id = combined.study_id
            and ruled.method_id = combined.method_id
            and ruled.indicator_id = combined.indicator_id
            and ruled.scope_year = combined.scope_year
    where ruled.member = 1
)

select * from final
