-- One row per paper of a claim, in order: its number, authors, title, subject.
select
    checks.paper_id,
    papers.authors as paper_authors,
    papers.title as paper_title,
    spoken(papers.subject, papers.subject_zh) as paper_subject
from (select distinct paper_id from marts.fct_published_checks) as checks
left join marts.dim_papers as papers on checks.paper_id = papers.paper_id
order by checks.paper_id
