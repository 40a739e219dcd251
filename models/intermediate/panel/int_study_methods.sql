-- The methods that a study is worked out under: those that it names or, where it names
-- none, all that are not on request; and always its default method.
with studies as (
    select * from {{ ref('stg_studies__studies') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

named as (
    select * from {{ ref('stg_studies__study_methods') }}
),

asked as (
    select
        study_id,
        method_id
    from named
    union
    select
        studies.study_id,
        methods.method_id
    from studies
    cross join methods
    left join named on studies.study_id = named.study_id
    where named.study_id is null and not methods.is_on_request
    union
    select
        study_id,
        default_method_id as method_id
    from studies
),

final as (
    select
        asked.study_id,
        asked.method_id
    from asked
    inner join studies on asked.study_id = studies.study_id
    inner join methods on asked.method_id = methods.method_id
)

select * from final
