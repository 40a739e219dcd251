-- Coupling and scores hold every region-year of every study under every method.
with expected as (
    select
        panel.study_id,
        methods.method_id,
        systems.system_id,
        panel.region_code,
        panel.year
    from {{ ref('int_study_panel') }} as panel
    inner join {{ ref('stg_studies__systems') }} as systems
        on panel.study_id = systems.study_id
    inner join {{ ref('int_study_methods') }} as methods
        on panel.study_id = methods.study_id
),

scores as (
    select * from {{ ref('fct_system_scores') }}
),

coupling as (
    select * from {{ ref('fct_coupling') }}
)

select
    expected.*,
    scores.status as score_status,
    coupling.status as coupling_status
from expected
full outer join scores
    on
        expected.study_id = scores.study_id
        and expected.method_id = scores.method_id
        and expected.system_id = scores.system_id
        and expected.region_code = scores.region_code
        and expected.year = scores.year
left join coupling
    on
        expected.study_id = coupling.study_id
        and expected.method_id = coupling.method_id
        and expected.region_code = coupling.region_code
        and expected.year = coupling.year
where
    expected.study_id is null
    or scores.status is null
    or coupling.status is null
