-- wang_2021 looks at the gaps between scores and at the largest score. As the scores
-- move in a straight line from the year before, t from 0 to 1, |x| of a pair changes by
-- sbar dx, sbar = (|x1| - |x0|) / (x1 - x0), and the largest score by the sum of m dU,
-- m the share of t during which a system is the largest (ties: the lower position).
with paired as (
    select changes.*
    from {{ ref('int_score_changes_paired') }} as changes
    inner join {{ ref('stg_studies__methods') }} as methods
        on changes.method_id = methods.method_id
    where
        changes.change_status = 'computed'
        and methods.coupling_formula = 'wang_2021'
),

-- Relative to the largest score, on 12 decimals: rounding noise breaks no tie.
levelled as (
    select
        *,
        round(
            score_before / nullif(greatest(highest_score, highest_score_before), 0), 12
        ) as level_before,
        round(
            score / nullif(greatest(highest_score, highest_score_before), 0), 12
        ) as level_after
    from paired
),

pairs as (
    select
        a.study_id,
        a.method_id,
        a.system_id,
        a.region_code,
        a.year,
        a.k,
        a.system_position < b.system_position as wins_ties,
        a.score_before - b.score_before as x0,
        a.score - b.score as x1,
        a.level_before - b.level_before as lead_before,
        a.level_after - b.level_after as lead_after
    from levelled as a
    inner join levelled as b
        on
            a.study_id = b.study_id
            and a.method_id = b.method_id
            and a.region_code = b.region_code
            and a.year = b.year
            and a.system_id <> b.system_id
),

led as (
    select
        *,
        coalesce(
            (abs(lead_after) - abs(lead_before)) / nullif(lead_after - lead_before, 0),
            sign(lead_after)
        ) as sbar,
        lead_before / nullif(lead_before - lead_after, 0) as crossing
    from pairs
),

spans as (
    select
        *,
        case
            when lead_after > lead_before then least(greatest(crossing, 0), 1)
            when lead_after < lead_before then 0
            when lead_before > 0 or (lead_before = 0 and wins_ties) then 0
            else 1
        end as leads_from,
        case
            when lead_after < lead_before then least(greatest(crossing, 0), 1)
            else 1
        end as leads_until
    from led
),

followed as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        {{ exact_sum('sbar') }} * 2 / (k * (k - 1)) as gap_slope,
        {{ exact_sum('abs(x0)') }} as gap_sum_before,
        {{ exact_sum('abs(x1)') }} as gap_sum,
        greatest(min(leads_until) - max(leads_from), 0) as led_share
    from spans
    group by study_id, method_id, system_id, region_code, year, k
),

totals as (
    select
        study_id,
        method_id,
        region_code,
        year,
        {{ exact_sum('gap_sum_before') }} as gap_sum_before,
        {{ exact_sum('gap_sum') }} as gap_sum,
        {{ exact_sum('led_share') }} as led_share,
        count(*) * (count(*) - 1) as pair_count
    from followed
    group by study_id, method_id, region_code, year
),

final as (
    select
        followed.study_id,
        followed.method_id,
        followed.system_id,
        followed.region_code,
        followed.year,
        followed.gap_slope,
        followed.led_share / nullif(totals.led_share, 0) as led_share,
        totals.gap_sum_before / nullif(totals.pair_count, 0) as mean_gap_before,
        totals.gap_sum / nullif(totals.pair_count, 0) as mean_gap
    from followed
    inner join totals
        on
            followed.study_id = totals.study_id
            and followed.method_id = totals.method_id
            and followed.region_code = totals.region_code
            and followed.year = totals.year
)

select * from final
