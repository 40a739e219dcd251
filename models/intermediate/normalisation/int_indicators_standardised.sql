-- Normalisations that rest on all values of a scope, s being the value between the
-- extremes, by direction: what shifts and stretches x leaves them as they are. z_score:
-- 1/2 + z / 6, z = (s - mean) / sd, cut off at 0 and 1, so that three standard
-- deviations to either side fill the scale. rank: (mean rank - 1) / (n - 1), rank 1 the
-- worst. vector (Hwang and Yoon 1981): x / sqrt(sum x^2), for less is better of max -
-- x.
with cells as (
    select * from {{ ref('int_values_to_standardise') }}
),

totals as (
    select
        study_id,
        normalisation,
        normalisation_scope,
        scope_year,
        indicator_id,
        count(*) as n,
        {{ exact_sum('scaled_value') }} / count(*) as mean,
        sqrt({{ exact_sum('directed_value * directed_value') }}) as length
    from cells
    group by
        study_id,
        normalisation,
        normalisation_scope,
        scope_year,
        indicator_id
),

spread as (
    select
        totals.study_id,
        totals.normalisation,
        totals.normalisation_scope,
        totals.scope_year,
        totals.indicator_id,
        totals.n,
        totals.mean,
        totals.length,
        sqrt(
            {{ exact_sum('power(cells.scaled_value - totals.mean, 2)') }}
            / nullif(totals.n - 1, 0)
        ) as standard_deviation
    from totals
    inner join cells
        on
            totals.study_id = cells.study_id
            and totals.normalisation = cells.normalisation
            and totals.normalisation_scope = cells.normalisation_scope
            and totals.scope_year = cells.scope_year
            and totals.indicator_id = cells.indicator_id
    group by
        totals.study_id,
        totals.normalisation,
        totals.normalisation_scope,
        totals.scope_year,
        totals.indicator_id,
        totals.n,
        totals.mean,
        totals.length
),

placed as (
    select
        cells.*,
        spread.n,
        spread.mean,
        spread.length,
        spread.standard_deviation,
        {{ mean_rank('cells.scaled_value', [
            'cells.study_id', 'cells.normalisation', 'cells.normalisation_scope',
            'cells.scope_year', 'cells.indicator_id',
        ]) }} as rank_from_best
    from cells
    inner join spread
        on
            cells.study_id = spread.study_id
            and cells.normalisation = spread.normalisation
            and cells.normalisation_scope = spread.normalisation_scope
            and cells.scope_year = spread.scope_year
            and cells.indicator_id = spread.indicator_id
),

final as (
    select
        study_id,
        normalisation,
        normalisation_scope,
        scope_year,
        indicator_id,
        region_key,
        year,
        case normalisation
            when 'z_score'
                then
                    least(
                        greatest(
                            0.5
                            + (scaled_value - mean)
                            / (6 * nullif(standard_deviation, 0)),
                            0
                        ),
                        1
                    )
            when 'rank' then (n - rank_from_best) / nullif(n - 1, 0)
            when 'vector' then directed_value / nullif(length, 0)
        end as standardised_value
    from placed
)

select * from final
