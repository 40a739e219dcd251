-- The feature in which a household is furthest from its peers, in scaled units.
with features as (
    select * from {{ ref('int_household_features') }}
    where scaled_value is not null
),

placed as (
    select
        *,
        row_number() over (
            partition by survey_id, household_id
            order by abs(scaled_value) desc, feature
        ) as place
    from features
),

final as (
    select
        survey_id,
        household_id,
        feature,
        ratio,
        is_floored,
        scaled_value
    from placed
    where place = 1
)

select * from final
