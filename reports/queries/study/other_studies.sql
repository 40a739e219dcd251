-- One row per other study of the same paper and year that both have.
--
-- With how far the degrees agree under the default method, and what the other study
-- covers.
select
    agreement.other_study_id as study_id,
    spoken(others.label, others.label_zh) as label,
    others.first_year,
    others.last_year,
    coverage.measured,
    coverage.proxy,
    coverage.paper_indicators,
    agreement.year,
    agreement.region_count,
    agreement.pearson_correlation,
    agreement.spearman_correlation,
    agreement.mean_difference,
    agreement.equal_grade_share
from marts.fct_study_agreement as agreement
inner join marts.dim_studies as others
    on agreement.other_study_id = others.study_id
inner join quality.qc_study_coverage as coverage
    on agreement.other_study_id = coverage.study_id
where agreement.study_id = $study_id and agreement.is_default_method
order by agreement.other_study_id, agreement.year
