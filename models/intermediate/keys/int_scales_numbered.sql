-- The ways in which the values of a study are brought to 0 to 1, before the zero rule:
-- methods that differ in nothing else share one.
with methods as (
    select
        study_methods.study_id,
        methods.*
    from {{ ref('int_study_methods') }} as study_methods
    inner join {{ ref('stg_studies__methods') }} as methods
        on study_methods.method_id = methods.method_id
),

studies as (
    select * from {{ ref('int_studies_numbered') }}
),

scales as (
    select distinct
        study_id,
        normalisation,
        normalisation_scope,
        case when normalisation = 'goalpost' then goalpost_set_id end as goalpost_set_id
    from methods
),

final as (
    select
        scales.study_id,
        studies.study_key,
        scales.normalisation,
        scales.normalisation_scope,
        scales.goalpost_set_id,
        cast(row_number() over (
            order by
                scales.study_id,
                scales.normalisation,
                scales.normalisation_scope,
                scales.goalpost_set_id nulls first
        ) as int) as scale_key
    from scales
    inner join studies on scales.study_id = studies.study_id
)

select * from final
