-- Degrees of two studies of one paper beside each other, where both have one: the same
-- method, region and year, with ranks within the year (ties share the mean of theirs).
with studies as (
    select
        study_id,
        paper_id
    from {{ ref('stg_studies__studies') }}
    where paper_id is not null
),

coupling as (
    select * from {{ ref('fct_coupling') }}
    where status = 'computed'
),

paired as (
    select
        ours.study_id,
        theirs.study_id as other_study_id,
        ours.method_id,
        ours.region_code,
        ours.year,
        ours.coupling_coordination_degree as degree,
        theirs.coupling_coordination_degree as other_degree,
        ours.grade_level,
        theirs.grade_level as other_grade_level
    from coupling as ours
    inner join studies on ours.study_id = studies.study_id
    inner join studies as others
        on
            studies.paper_id = others.paper_id
            and studies.study_id <> others.study_id
    inner join coupling as theirs
        on
            others.study_id = theirs.study_id
            and ours.method_id = theirs.method_id
            and ours.region_code = theirs.region_code
            and ours.year = theirs.year
)

select
    *,
    {{ mean_rank('degree', ['study_id', 'other_study_id', 'method_id', 'year']) }}
        as degree_rank,
    {{ mean_rank('other_degree', ['study_id', 'other_study_id', 'method_id', 'year']) }}
        as other_degree_rank
from paired
