with scored as (
    select * from {{ ref('int_systems_scored') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

contributions as (
    select * from {{ ref('int_system_contributions') }}
),

final as (
    select
        scored.study_id,
        scored.method_id,
        scored.system_id,
        scored.region_code,
        scored.year,
        scored.score,
        {{ competition_rank('scored.score', [
            'scored.study_id', 'scored.method_id', 'scored.system_id', 'scored.year',
        ]) }} as score_rank,
        scored.status,
        scored.method_id = studies.default_method_id as is_default_method,
        contributions.contribution
    from scored
    inner join studies on scored.study_id = studies.study_id
    inner join contributions
        on
            scored.study_id = contributions.study_id
            and scored.method_id = contributions.method_id
            and scored.system_id = contributions.system_id
)

select * from final
