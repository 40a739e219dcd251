with loadings as (
    select * from {{ ref('int_household_component_loadings') }}
),

final as (
    select
        survey_id,
        cast(component as int) as component,
        feature,
        loading,
        explained_variance_ratio
    from loadings
)

select * from final
