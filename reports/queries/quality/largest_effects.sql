-- One row per changed degree of a default method, the largest of the latest first.
--
-- At most fifty; rows that only one of the two builds has come last. Call it only
-- where `effect_counts` is not None.
select
    effects.run_id,
    spoken(studies.label, studies.label_zh) as study,
    coalesce(region_name(regions.region, regions.name_zh), effects.region_code)
        as region,
    effects.year,
    cast(effects.degree_before as double) as degree_before,
    cast(effects.degree_after as double) as degree_after,
    cast(effects.data_effect as double) as data_effect,
    cast(effects.method_effect as double) as method_effect,
    effects.rank_before,
    effects.rank_after,
    effects.effect_status
from marts.fct_revision_effects as effects
inner join marts.dim_studies as studies
    on
        effects.study_id = studies.study_id
        and effects.method_id = studies.default_method_id
left join marts.dim_regions as regions
    on effects.region_code = regions.region_code
order by
    effects.run_id desc,
    abs(effects.degree_after - effects.degree_before) desc nulls last,
    effects.study_id,
    effects.region_code asc,
    effects.year asc
limit $listed
