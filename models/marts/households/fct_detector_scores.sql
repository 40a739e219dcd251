-- Scores of each detector over the households: lowest, median, highest, and the
-- threshold above which a household is flagged.
with detections as (
    select * from {{ ref('int_household_detections') }}
    where score is not null
),

final as (
    select
        survey_id,
        detector,
        cast(count(*) as int) as household_count,
        min(score) as lowest_score,
        median(score) as median_score,
        max(score) as highest_score,
        max(threshold) as threshold
    from detections
    group by survey_id, detector
)

select * from final
