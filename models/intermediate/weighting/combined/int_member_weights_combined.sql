-- One weight of those of all members. product: w1 w2. linear: sum of share x weight.
-- game_theory: the same, with the shares of the game. Without information where a
-- member has none, unknown where one lacks a weight.
with weights as (
    select * from {{ ref('int_member_weights_shared') }}
),

games as (
    select * from {{ ref('int_games_balanced') }}
),

summed as (
    select
        weights.study_id,
        weights.method_id,
        weights.system_id,
        weights.indicator_id,
        weights.scope_year,
        weights.combination_rule,
        count(*) - count(weights.weight) as unknown_count,
        min(abs(weights.information_total)) as least_total,
        min(weights.weight) as least_weight,
        {{ exact_sum('ln(nullif(weights.weight, 0))') }} as log_product,
        {{ exact_sum('coalesce(games.share, weights.share) * weights.weight') }}
            as mixture
    from weights
    left join games
        on
            weights.study_id = games.study_id
            and weights.method_id = games.method_id
            and weights.system_id = games.system_id
            and weights.scope_year = games.scope_year
            and weights.member = games.member
    group by
        weights.study_id,
        weights.method_id,
        weights.system_id,
        weights.indicator_id,
        weights.scope_year,
        weights.combination_rule
),

final as (
    select
        study_id,
        method_id,
        system_id,
        indicator_id,
        scope_year,
        case
            when least_total = 0 then 0
            when unknown_count > 0 then null
            when combination_rule = 'product' and least_weight = 0 then 0
            when combination_rule = 'product' then exp(log_product)
            else mixture
        end as information
    from summed
)

select * from final
