-- The change of a system's score since the year before, shared among its indicators.
-- linear: d(w y). geometric: L(U, U_before) d(w ln y); from or to a score of 0, the
-- indicators with y = 0 then take it by their weight. topsis: k_P dP_j + k_M dM_j, with
-- an indicator's squared distances P_j and M_j.
with contributions as (
    select * from {{ ref('int_score_contributions_measured') }}
),

scored as (
    select * from {{ ref('int_systems_scored') }}
),

slopes as (
    select * from {{ ref('int_topsis_slopes_measured') }}
),

compared as (
    select
        present.study_id,
        present.method_id,
        present.system_id,
        present.indicator_id,
        present.region_code,
        present.year,
        present.aggregation,
        present.score,
        scored.score as score_before,
        coalesce(present.score_contribution, 0) - coalesce(before.score_contribution, 0)
            as contribution_change,
        present.squared_distance_to_best
        - coalesce(before.squared_distance_to_best, 0) as change_to_best,
        present.squared_distance_to_worst
        - coalesce(before.squared_distance_to_worst, 0) as change_to_worst,
        case
            when present.score = 0 and present.normalised_value = 0 then present.weight
            when scored.score = 0 and before.normalised_value = 0 then before.weight
        end as zero_weight
    from contributions as present
    inner join scored
        on
            present.study_id = scored.study_id
            and present.method_id = scored.method_id
            and present.system_id = scored.system_id
            and present.region_code = scored.region_code
            and present.year = scored.year + 1
    left join contributions as before
        on
            present.study_id = before.study_id
            and present.method_id = before.method_id
            and present.indicator_id = before.indicator_id
            and present.region_code = before.region_code
            and present.year = before.year + 1
    where present.score is not null and scored.score is not null
),

zeros as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        {{ exact_sum('zero_weight') }} as zero_weight_total,
        count(*) as zero_count
    from compared
    where zero_weight is not null
    group by study_id, method_id, system_id, region_code, year
),

shared as (
    select
        compared.*,
        compared.score - compared.score_before as score_change,
        case compared.aggregation
            when 'linear' then compared.contribution_change
            when 'topsis'
                then
                    slopes.slope_to_best * compared.change_to_best
                    + slopes.slope_to_worst * compared.change_to_worst
            when 'geometric'
                then
                    case
                        when compared.score = 0 and compared.score_before = 0 then 0
                        when least(compared.score, compared.score_before) > 0
                            then
                                {{ logarithmic_mean(
                                    'compared.score', 'compared.score_before'
                                ) }} * compared.contribution_change
                        when compared.zero_weight is null then 0
                        else
                            (compared.score - compared.score_before)
                            * coalesce(
                                compared.zero_weight
                                / nullif(zeros.zero_weight_total, 0),
                                1.0 / nullif(zeros.zero_count, 0)
                            )
                    end
        end as score_change_contribution
    from compared
    left join slopes
        on
            compared.study_id = slopes.study_id
            and compared.method_id = slopes.method_id
            and compared.system_id = slopes.system_id
            and compared.region_code = slopes.region_code
            and compared.year = slopes.year
    left join zeros
        on
            compared.study_id = zeros.study_id
            and compared.method_id = zeros.method_id
            and compared.system_id = zeros.system_id
            and compared.region_code = zeros.region_code
            and compared.year = zeros.year
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        region_code,
        year,
        score_change,
        score_change_contribution
    from shared
)

select * from final
