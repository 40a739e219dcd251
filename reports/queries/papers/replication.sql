-- One row per study and year that a paper prints, under the default method.
select
    replication.* replace (
        spoken(replication.reading_note, replication.reading_note_zh) as reading_note
    ),
    spoken(studies.label, studies.label_zh) as label
from marts.fct_replication as replication
inner join marts.dim_studies as studies
    on replication.study_id = studies.study_id
where replication.is_default_method
order by replication.paper_id, replication.study_id, replication.year
