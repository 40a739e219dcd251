-- One row per detector: lowest, median and highest score, and its threshold.
select
    detector,
    lowest_score as lowest,
    median_score as median,
    highest_score as highest,
    threshold
from marts.fct_detector_scores
where survey_id = $survey_id
order by detector
