with scored as (
    select
        study_key,
        method_key,
        region_key,
        year,
        unnest(scores) as score,
        unnest(statuses) as status,
        generate_subscripts(statuses, 1) as system_place
    from {{ ref('int_panel_scored') }}
),

ranked as (
    select
        *,
        {{ competition_rank('score', [
            'study_key', 'method_key', 'system_place', 'year',
        ]) }} as score_rank
    from scored
),

methods as (
    select * from {{ ref('int_methods_prepared') }}
),

systems as (
    select * from {{ ref('int_systems_placed') }}
),

regions as (
    select * from {{ ref('int_regions_numbered') }}
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

contributions as (
    select * from {{ ref('int_contributions_lined_up') }}
),

final as (
    select
        methods.study_id,
        methods.method_id,
        systems.system_id,
        regions.region_code,
        ranked.year,
        ranked.score,
        ranked.score_rank,
        ranked.status,
        methods.method_id = studies.default_method_id as is_default_method,
        contributions.contributions[ranked.system_place] as contribution
    from ranked
    inner join methods
        on
            ranked.study_key = methods.study_key
            and ranked.method_key = methods.method_key
    inner join systems
        on
            ranked.study_key = systems.study_key
            and ranked.system_place = systems.system_place
    inner join regions on ranked.region_key = regions.region_key
    inner join studies on methods.study_id = studies.study_id
    inner join contributions
        on
            ranked.study_key = contributions.study_key
            and ranked.method_key = contributions.method_key
)

select * from final
