-- Our coupling coordination degrees beside those that papers 01, 02 and 03 print, with
-- ranks within the year (ties share the mean of their ranks) and grades.
with paper_01 as (
    select * from {{ ref('stg_published__paper_01_coupling') }}
),

paper_02 as (
    select * from {{ ref('stg_published__paper_02_coordination') }}
    where year is not null
),

paper_03 as (
    select * from {{ ref('stg_published__paper_03_coordination') }}
    where region_code is not null
),

studies as (
    select * from {{ ref('stg_studies__studies') }}
),

grades as (
    select * from {{ ref('stg_reference__grade_schemes') }}
),

coupling as (
    select * from {{ ref('fct_coupling') }}
    where status = 'computed'
),

published as (
    select
        '01' as paper_id,
        region_code,
        year,
        coupling_degree as printed_coupling_degree,
        coupling_coordination_degree as printed_degree,
        cast(null as string) as reading_note,
        cast(null as string) as reading_note_zh
    from paper_01
    union all
    select
        '02' as paper_id,
        region_code,
        year,
        cast(null as double) as printed_coupling_degree,
        coupling_coordination_degree as printed_degree,
        reading_note,
        reading_note_zh
    from paper_02
    -- the other years that paper 03 prints lie outside the figures
    union all
    select
        '03' as paper_id,
        region_code,
        2019 as year,
        cast(null as double) as printed_coupling_degree,
        cr_2019 as printed_degree,
        cast(null as string) as reading_note,
        cast(null as string) as reading_note_zh
    from paper_03
),

paired as (
    select
        coupling.study_id,
        published.paper_id,
        coupling.method_id,
        coupling.is_default_method,
        coupling.region_code,
        coupling.year,
        coupling.coupling_degree,
        published.printed_coupling_degree,
        coupling.coupling_coordination_degree as degree,
        published.printed_degree,
        coupling.grade_level,
        grades.grade_level as printed_grade_level,
        published.reading_note,
        published.reading_note_zh
    from coupling
    inner join studies on coupling.study_id = studies.study_id
    inner join published
        on
            studies.paper_id = published.paper_id
            and coupling.region_code = published.region_code
            and coupling.year = published.year
    left join grades
        on
            studies.grade_scheme_id = grades.grade_scheme_id
            and published.printed_degree <= grades.upper_bound
            and (
                published.printed_degree > grades.lower_bound
                or grades.grade_level = 1
            )
),

final as (
    select
        *,
        {{ mean_rank('degree', ['study_id', 'method_id', 'year']) }} as degree_rank,
        {{ mean_rank('printed_degree', ['study_id', 'method_id', 'year']) }}
            as printed_degree_rank
    from paired
)

select * from final
