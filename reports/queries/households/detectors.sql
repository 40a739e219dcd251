-- One row per detector, the default first: flags, overlap and quality.
select *
from marts.fct_detector_comparison
where survey_id = $survey_id
order by is_default_detector desc, detector asc
