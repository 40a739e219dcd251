-- What each household is compared with: the assessed households of its survey.
with features as (
    select * from {{ ref('int_household_features') }}
),

final as (
    select
        survey_id,
        feature,
        cast(count(*) as int) as peer_count,
        median(ratio) as peer_median,
        percentile_cont(0.05) within group (order by ratio) as peer_low,
        percentile_cont(0.95) within group (order by ratio) as peer_high
    from features
    group by survey_id, feature
)

select * from final
