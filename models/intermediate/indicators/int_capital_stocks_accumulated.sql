-- Perpetual inventory: K_t = (1 - delta) K_{t-1} + I_t / P_t, K_0 = I_0 / (g + delta),
-- unrolled to K_t = (1 - delta)^t (K_0 + sum_{s=1..t} (I_s / P_s) / (1 - delta)^s).
-- P is the denominator series: chained where its unit is 'previous year = 100', a level
-- otherwise, 1 where none is named. K is unknown from the first gap on.
with indicators as (
    select * from {{ ref('stg_studies__indicators') }}
    where operator = 'perpetual_inventory' and is_computed
),

study_regions as (
    select * from {{ ref('stg_studies__study_regions') }}
),

observations as (
    select * from {{ ref('int_observations') }}
),

series as (
    select * from {{ ref('stg_reference__series') }}
),

investment as (
    select
        indicators.study_id,
        indicators.indicator_id,
        indicators.denominator_series_id,
        indicators.scale,
        indicators.depreciation_rate as delta,
        indicators.initial_growth_rate as g,
        flows.region_code,
        flows.year,
        flows.value as investment,
        flows.quality,
        flows.source_id,
        min(flows.year) over (
            partition by indicators.study_id, indicators.indicator_id, flows.region_code
        ) as first_year
    from indicators
    inner join study_regions on indicators.study_id = study_regions.study_id
    inner join observations as flows
        on
            indicators.numerator_series_id = flows.series_id
            and study_regions.region_code = flows.region_code
),

priced as (
    select
        investment.*,
        series.unit = 'previous year = 100' as is_chained,
        prices.value as price,
        case
            when
                series.unit <> 'previous year = 100'
                or investment.year > investment.first_year
                then prices.quality
        end as price_quality,
        prices.source_id as price_source_id,
        investment.year - investment.first_year as t
    from investment
    left join series on investment.denominator_series_id = series.series_id
    left join observations as prices
        on
            investment.denominator_series_id = prices.series_id
            and investment.region_code = prices.region_code
            and investment.year = prices.year
),

chained as (
    select
        *,
        sum(case when t > 0 then ln(nullif(price, 0) / 100) else 0 end) over (
            partition by study_id, indicator_id, region_code
            order by year
            rows between unbounded preceding and current row
        ) as log_chained_price
    from priced
),

deflated as (
    select
        *,
        case
            when denominator_series_id is null then 1
            when is_chained then exp(log_chained_price)
            else price
        end as price_level,
        case
            when denominator_series_id is null then 1
            when is_chained and t = 0 then 1
            when price is not null then 1
        end as price_known
    from chained
),

accumulated as (
    select
        *,
        sum(
            investment / nullif(price_level, 0) / power(1 - delta, t)
            * case when t = 0 then 1 / nullif(g + delta, 0) else 1 end
        ) over (
            partition by study_id, indicator_id, region_code
            order by year
            rows between unbounded preceding and current row
        ) as discounted_stock,
        max(greatest(quality, coalesce(price_quality, quality))) over (
            partition by study_id, indicator_id, region_code
            order by year
            rows between unbounded preceding and current row
        ) as worst_quality,
        count(price_known) over (
            partition by study_id, indicator_id, region_code
            order by year
            rows between unbounded preceding and current row
        ) as years_known
    from deflated
),

final as (
    select
        study_id,
        indicator_id,
        region_code,
        year,
        case
            when years_known = t + 1
                then scale * power(1 - delta, t) * discounted_stock
        end as raw_value,
        worst_quality as quality,
        source_id,
        price_source_id as other_source_id
    from accumulated
)

select * from final
