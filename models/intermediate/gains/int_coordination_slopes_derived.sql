-- How fast D rises with the score U of a system, the others fixed. With D = sqrt(C T),
-- T = sum alpha U and S = sum U, dD/dU = D / 2 [d ln C / dU + alpha / T];
-- standard: d ln C / dU = 1 / (k U) - 1 / S; with exponent e: e / U - e k / S.
-- capacity, q being a or b: d ln C / dU = 1 / U - g q / (a U1 + b U2).
-- wang_2021, G the mean gap of the pairs: d ln C / dU = (1 / U - k [U is the highest] /
-- max U) / (2 (k - 1)) - (dG / dU) / (2 (1 - G)), dG / dU = sum of signs / pairs.
-- Where D = 0 or, in wang_2021, two scores are equal, there is no slope.
with coupled as (
    select * from {{ ref('int_systems_coupled') }}
    where status = 'computed' and coupling_coordination_degree > 0
),

methods as (
    select * from {{ ref('stg_studies__methods') }}
),

scored as (
    select
        scores.*,
        systems.contribution,
        systems.capacity_share
    from {{ ref('int_systems_scored') }} as scores
    inner join {{ ref('int_system_contributions') }} as systems
        on
            scores.study_id = systems.study_id
            and scores.method_id = systems.method_id
            and scores.system_id = systems.system_id
    where scores.status = 'computed'
),

compared as (
    select
        own.study_id,
        own.method_id,
        own.system_id,
        own.region_code,
        own.year,
        own.score,
        own.contribution,
        own.capacity_share,
        count(*) as k,
        {{ exact_sum('others.score') }} as score_total,
        {{ exact_sum('others.capacity_share * others.score') }} as capacity_total,
        max(others.score) as highest_score,
        sum(sign(own.score - others.score)) as sign_total,
        {{ exact_sum('abs(own.score - others.score)') }} as gap_to_others,
        sum(case when own.score = others.score then 1 else 0 end) as equal_count
    from scored as own
    inner join scored as others
        on
            own.study_id = others.study_id
            and own.method_id = others.method_id
            and own.region_code = others.region_code
            and own.year = others.year
    group by
        own.study_id,
        own.method_id,
        own.system_id,
        own.region_code,
        own.year,
        own.score,
        own.contribution,
        own.capacity_share
),

gaps as (
    select
        study_id,
        method_id,
        region_code,
        year,
        {{ exact_sum('gap_to_others') }} as gap_total
    from compared
    group by study_id, method_id, region_code, year
),

sloped as (
    select
        compared.study_id,
        compared.method_id,
        compared.system_id,
        compared.region_code,
        compared.year,
        coupled.coupling_coordination_degree,
        compared.contribution / nullif(coupled.comprehensive_index, 0) as index_slope,
        case
            when
                methods.coupling_formula = 'standard'
                and methods.coupling_exponent is not null
                then
                    methods.coupling_exponent / nullif(compared.score, 0)
                    - methods.coupling_exponent * compared.k
                    / nullif(compared.score_total, 0)
            when methods.coupling_formula = 'capacity'
                then
                    1 / nullif(compared.score, 0)
                    - methods.capacity_exponent * compared.capacity_share
                    / nullif(compared.capacity_total, 0)
            when methods.coupling_formula = 'standard'
                then
                    1 / nullif(compared.k * compared.score, 0)
                    - 1 / nullif(compared.score_total, 0)
            when methods.coupling_formula = 'wang_2021' and compared.equal_count = 1
                then
                    (
                        1 / nullif(compared.score, 0)
                        - case
                            when compared.score = compared.highest_score
                                then compared.k / nullif(compared.score, 0)
                            else 0
                        end
                    ) / nullif(2 * (compared.k - 1), 0)
                    - (2 * compared.sign_total / (compared.k * (compared.k - 1)))
                    / nullif(
                        2 * (1 - gaps.gap_total / (compared.k * (compared.k - 1))), 0
                    )
        end as log_coupling_slope
    from compared
    inner join coupled
        on
            compared.study_id = coupled.study_id
            and compared.method_id = coupled.method_id
            and compared.region_code = coupled.region_code
            and compared.year = coupled.year
    inner join methods on compared.method_id = methods.method_id
    inner join gaps
        on
            compared.study_id = gaps.study_id
            and compared.method_id = gaps.method_id
            and compared.region_code = gaps.region_code
            and compared.year = gaps.year
),

final as (
    select
        study_id,
        method_id,
        system_id,
        region_code,
        year,
        coupling_coordination_degree / 2 * (log_coupling_slope + index_slope)
            as coordination_slope
    from sloped
)

select * from final
