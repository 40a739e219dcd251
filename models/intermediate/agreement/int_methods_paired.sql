-- Results of two methods beside each other, the first by name first: the same study,
-- region and year, with ranks of D within the year (ties share the mean of theirs).
-- Values of D alike to 12 decimals are the same.
with coupling as (
    select
        study_id,
        method_id,
        region_code,
        year,
        round(coupling_coordination_degree, 12) as degree,
        coordination_rank,
        grade_level
    from {{ ref('fct_coupling') }}
    where status = 'computed'
),

paired as (
    select
        first.study_id,
        first.method_id as first_method_id,
        second.method_id as second_method_id,
        first.region_code,
        first.year,
        first.degree as first_degree,
        second.degree as second_degree,
        abs(first.coordination_rank - second.coordination_rank) as move,
        first.grade_level = second.grade_level as has_equal_grade
    from coupling as first
    inner join coupling as second
        on
            first.study_id = second.study_id
            and first.region_code = second.region_code
            and first.year = second.year
            and first.method_id < second.method_id
)

select
    *,
    {{ mean_rank('first_degree', [
        'study_id', 'first_method_id', 'second_method_id', 'year',
    ]) }} as first_rank,
    {{ mean_rank('second_degree', [
        'study_id', 'first_method_id', 'second_method_id', 'year',
    ]) }} as second_rank
from paired
