-- One row per study: its names, years, counts, default method and grade scheme.
--
-- `result_year` is the last year that the default method computes, the last year of
-- the study where it computes none; `years_without_figures` has an array of years, and
-- `own_files` the names of a user's files that the study rests on, each NULL where
-- there are none.
with blank_years as (
    select
        study_id,
        array_agg(distinct year order by year) as years
    from marts.fct_coupling
    where is_default_method and status = 'no_figures_in_year'
    group by study_id
),

own_files as (
    select
        used.study_id,
        array_agg(distinct sources.title order by sources.title) as files
    from marts.fct_indicator_sources as used
    inner join marts.dim_sources as sources
        on
            used.source_id = sources.source_id
            and used.series_id = sources.series_id
    where sources.figure_origin = 'workspace'
    group by used.study_id
),

divisions as (
    select
        grouping_id,
        min(grouping_label) as label,
        min(grouping_label_zh) as label_zh
    from marts.dim_region_groups
    group by grouping_id
)

select
    studies.*,
    years.year as result_year,
    blank_years.years as years_without_figures,
    own_files.files as own_files,
    spoken(divisions.label, divisions.label_zh) as grouping,
    spoken(methods.label, methods.label_zh) as method,
    papers.authors as paper_authors,
    papers.title as paper_title,
    spoken(papers.subject, papers.subject_zh) as paper_subject
from marts.dim_studies as studies
left join marts.fct_study_years as years
    on
        studies.study_id = years.study_id
        and years.is_result_year
        and years.is_default_method
inner join marts.dim_methods as methods
    on studies.default_method_id = methods.method_id
left join marts.dim_papers as papers on studies.paper_id = papers.paper_id
left join blank_years on studies.study_id = blank_years.study_id
left join own_files on studies.study_id = own_files.study_id
left join divisions on studies.grouping_id = divisions.grouping_id
order by studies.paper_id nulls last, studies.study_id
