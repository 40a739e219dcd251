-- Histogram of each detector's scores: 40 bins of the same width from the lowest to the
-- highest, the last with its upper bound.
with detections as (
    select * from {{ ref('int_household_detections') }}
    where score is not null
),

ranges as (
    select
        survey_id,
        detector,
        lowest_score,
        case
            when highest_score > lowest_score then highest_score - lowest_score
            else 1.0
        end / 40 as width
    from {{ ref('fct_detector_scores') }}
),

placed as (
    select
        ranges.survey_id,
        ranges.detector,
        ranges.lowest_score,
        ranges.width,
        least(floor((detections.score - ranges.lowest_score) / ranges.width), 39) as bin
    from detections
    inner join ranges
        on
            detections.survey_id = ranges.survey_id
            and detections.detector = ranges.detector
),

final as (
    select
        survey_id,
        detector,
        lowest_score + bin * width as bin_start,
        lowest_score + (bin + 1) * width as bin_end,
        cast(count(*) as int) as household_count
    from placed
    group by survey_id, detector, lowest_score, width, bin
)

select * from final
