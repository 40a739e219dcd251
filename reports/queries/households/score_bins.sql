-- One row per detector and bin of its score that holds a household.
select
    detector,
    bin_start,
    bin_end,
    household_count
from marts.fct_detector_score_bins
where survey_id = $survey_id
order by detector, bin_start
