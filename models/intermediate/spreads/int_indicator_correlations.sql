-- Correlations between the usable indicators of a system, which CRITIC, principal
-- components and the scatter degree need.
-- r = (n sum ab - sum a sum b) / sqrt((n sum aa - (sum a)^2) (n sum bb - (sum b)^2)),
-- unknown where one of the two is constant over the cells that they share.
with methods as (
    select * from {{ ref('int_methods_prepared') }}
    where
        method_id in (
            select rules.method_id from {{ ref('int_weight_rules_listed') }} as rules
            where rules.weighting in ('critic', 'pca', 'scatter')
        )
),

usable as (
    select
        judged.study_id,
        judged.method_id,
        judged.system_id,
        judged.indicator_id,
        judged.scope_year,
        methods.form_key,
        placed.place
    from {{ ref('int_indicators_judged') }} as judged
    inner join methods
        on
            judged.study_id = methods.study_id
            and judged.method_id = methods.method_id
    inner join {{ ref('int_indicators_placed') }} as placed
        on
            judged.study_id = placed.study_id
            and judged.indicator_id = placed.indicator_id
    where judged.status = 'usable'
),

spread as (
    select
        *,
        n * sum_ab - sum_a * sum_b as covariance,
        n * sum_aa - sum_a * sum_a as variance_a,
        n * sum_bb - sum_b * sum_b as variance_b
    from {{ ref('int_indicator_products_summed') }}
),

correlated as (
    select
        *,
        case
            when least(variance_a, variance_b) > 1e-12 * n * n
                then
                    least(greatest(covariance / sqrt(variance_a * variance_b), -1), 1)
        end as correlation
    from spread
),

mirrored as (
    select
        *,
        place as first_place,
        other_place as second_place
    from correlated
    union all
    select
        *,
        other_place as first_place,
        place as second_place
    from correlated
),

final as (
    select
        a.study_id,
        a.method_id,
        a.system_id,
        a.scope_year,
        a.indicator_id,
        b.indicator_id as other_indicator_id,
        mirrored.correlation
    from usable as a
    inner join mirrored
        on
            a.form_key = mirrored.form_key
            and a.scope_year = mirrored.scope_year
            and a.place = mirrored.first_place
    inner join usable as b
        on
            a.study_id = b.study_id
            and a.method_id = b.method_id
            and mirrored.scope_year = b.scope_year
            and mirrored.second_place = b.place
)

select * from final
