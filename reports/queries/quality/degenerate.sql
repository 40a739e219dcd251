-- One row per study, indicator and scope that cannot be used.
select
    spoken(studies.label, studies.label_zh) as study,
    found.indicator_id,
    indicator_label(indicators.label, indicators.label_zh, indicators.coverage_status)
        as label,
    found.normalisation_scope,
    found.year,
    spoken(found.reason, found.reason_zh) as reason
from quality.qc_degenerate_indicators as found
inner join marts.dim_studies as studies on found.study_id = studies.study_id
inner join marts.dim_indicators as indicators
    on
        found.study_id = indicators.study_id
        and found.indicator_id = indicators.indicator_id
order by
    found.study_id,
    found.indicator_id,
    found.normalisation_scope,
    found.year nulls first
