-- One row per refresh and study: degrees and ranks changed, and by how much.
--
-- `largest_...` are the largest effects by size, without their signs. None where no
-- refresh made the database.
select
    effects.run_id,
    coalesce(spoken(studies.label, studies.label_zh), effects.study_id) as study,
    count(*) as row_count,
    count(*) filter (
        where effects.degree_before is distinct from effects.degree_after
    ) as degree_count,
    count(*) filter (
        where effects.rank_before is distinct from effects.rank_after
    ) as rank_count,
    count(*) filter (where effects.effect_status = 'split') as split_count,
    cast(max(abs(effects.data_effect)) as double) as largest_data_effect,
    cast(max(abs(effects.method_effect)) as double) as largest_method_effect
from marts.fct_revision_effects as effects
left join marts.dim_studies as studies on effects.study_id = studies.study_id
group by all
order by effects.run_id desc, study asc
