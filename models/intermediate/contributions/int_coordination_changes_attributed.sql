-- The change of D since the year before as the sum of K dU over the systems, exactly,
-- by logarithmic means L (LMDI; Ang 2015). With D = sqrt(C T), S the sum of U:
-- standard: K = L(D) / 2 [1 / (k L(U)) - 1 / L(S) + alpha / L(T)], with exponent e
-- L(D) / 2 [e / L(U) - e k / L(S) + alpha / L(T)].
-- capacity, q being a or b: L(D) / 2 [1 / L(U) - g q / L(a U1 + b U2) + alpha / L(T)].
-- wang_2021: K = L(D) / 2 [-g / (2 L(1-G)) + (1 / L(U) - k m / L(max U)) / (2 (k-1))
--                          + alpha / L(T)], g and m of int_score_gaps_followed.
-- From or to D = 0 the systems whose score is 0 then take the change in equal parts.
with paired as (
    select * from {{ ref('int_score_changes_paired') }}
),

followed as (
    select * from {{ ref('int_score_gaps_followed') }}
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

measured as (
    select
        paired.*,
        methods.coupling_formula,
        methods.coupling_exponent,
        methods.capacity_exponent,
        followed.gap_slope,
        followed.led_share,
        least(paired.d, paired.d_before) > 0 as is_positive,
        paired.d = 0
        and paired.d_before > 0
        and paired.score = paired.lowest_score as falls_to_zero,
        paired.d > 0
        and paired.d_before = 0
        and paired.score_before = paired.lowest_score_before as rises_from_zero,
        {{ logarithmic_mean('paired.d', 'paired.d_before') }} as mean_d,
        {{ logarithmic_mean('paired.t', 'paired.t_before') }} as mean_t,
        {{ logarithmic_mean('paired.score', 'paired.score_before') }} as mean_score,
        {{ logarithmic_mean('paired.score_total', 'paired.score_total_before') }}
            as mean_total,
        {{ logarithmic_mean('paired.capacity_total', 'paired.capacity_total_before') }}
            as mean_capacity,
        {{ logarithmic_mean('paired.highest_score', 'paired.highest_score_before') }}
            as mean_highest,
        {{ logarithmic_mean(
            '(1 - followed.mean_gap)', '(1 - followed.mean_gap_before)'
        ) }} as mean_closeness
    from paired
    inner join methods on paired.method_id = methods.method_id
    left join followed
        on
            paired.study_id = followed.study_id
            and paired.method_id = followed.method_id
            and paired.system_id = followed.system_id
            and paired.region_code = followed.region_code
            and paired.year = followed.year
    where paired.change_status = 'computed'
),

zeros as (
    select
        study_id,
        method_id,
        region_code,
        year,
        count(*) as zero_count
    from measured
    where falls_to_zero or rises_from_zero
    group by study_id, method_id, region_code, year
),

counted as (
    select
        measured.*,
        zeros.zero_count
    from measured
    left join zeros
        on
            measured.study_id = zeros.study_id
            and measured.method_id = zeros.method_id
            and measured.region_code = zeros.region_code
            and measured.year = zeros.year
),

sloped as (
    select
        *,
        case
            when
                is_positive
                and coupling_formula = 'standard'
                and coupling_exponent is not null
                then
                    mean_d / 2 * (
                        coupling_exponent / nullif(mean_score, 0)
                        - coupling_exponent * k / nullif(mean_total, 0)
                        + contribution / nullif(mean_t, 0)
                    )
            when is_positive and coupling_formula = 'capacity'
                then
                    mean_d / 2 * (
                        1 / nullif(mean_score, 0)
                        - capacity_exponent * capacity_share / nullif(mean_capacity, 0)
                        + contribution / nullif(mean_t, 0)
                    )
            when is_positive and coupling_formula = 'standard'
                then
                    mean_d / 2 * (
                        1 / nullif(k * mean_score, 0)
                        - 1 / nullif(mean_total, 0)
                        + contribution / nullif(mean_t, 0)
                    )
            when is_positive and coupling_formula = 'wang_2021'
                then
                    mean_d / 2 * (
                        -gap_slope / nullif(2 * mean_closeness, 0)
                        + (
                            1 / nullif(mean_score, 0)
                            - k * led_share / nullif(mean_highest, 0)
                        ) / nullif(2 * (k - 1), 0)
                        + contribution / nullif(mean_t, 0)
                    )
            when falls_to_zero or rises_from_zero
                then
                    (d - d_before)
                    / nullif(zero_count * (score - score_before), 0)
            else 0
        end as change_per_score
    from counted
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        d - d_before as coordination_change,
        change_per_score,
        change_per_score * (score - score_before) as coordination_change_contribution
    from sloped
)

select * from final
