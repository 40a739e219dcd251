-- How odd each figure is among those of its series and level, on natural logarithms,
-- so figures that are not above 0 have no score. Spread is 1.4826 times the median
-- absolute deviation, the standard deviation of a normal distribution.
-- jump: |change against the year before - median change|; without a year before, that
-- of the year after. spike: factor beyond both neighbours, at least 1. magnitude:
-- |figure - median of the regions that year|.
with figures as (
    select
        *,
        ln(value) as log_value
    from {{ ref('int_figures_to_judge') }}
    where value > 0
),

changed as (
    select
        *,
        case
            when lag(year) over regions = year - 1
                then log_value - lag(log_value) over regions
        end as change,
        case
            when lead(year) over regions = year + 1
                then lead(log_value) over regions - log_value
        end as change_after
    from figures
    window regions as (
        partition by panel, series_id, region_level, region_code order by year
    )
),

centred as (
    select
        *,
        median(change) over (partition by panel, series_id, region_level)
            as usual_change,
        log_value - median(log_value) over (
            partition by panel, series_id, region_level, year
        ) as distance
    from changed
),

spreads as (
    select
        panel,
        series_id,
        region_level,
        median(distance) as usual_distance,
        1.4826 * median(abs(change - usual_change)) as change_spread
    from centred
    group by panel, series_id, region_level
),

distance_spreads as (
    select
        centred.panel,
        centred.series_id,
        centred.region_level,
        1.4826 * median(abs(centred.distance - spreads.usual_distance))
            as distance_spread
    from centred
    inner join spreads
        on
            centred.panel = spreads.panel
            and centred.series_id = spreads.series_id
            and centred.region_level = spreads.region_level
    group by centred.panel, centred.series_id, centred.region_level
),

final as (
    select
        centred.panel,
        centred.file_name,
        centred.series_id,
        centred.region_level,
        centred.region_code,
        centred.year,
        centred.value,
        abs(coalesce(centred.change, centred.change_after) - centred.usual_change)
            as jump_distance,
        case
            when centred.change is null or centred.change_after is null then null
            when sign(centred.change) = -sign(centred.change_after)
                then exp(least(abs(centred.change), abs(centred.change_after)))
            else 1.0
        end as spike_factor,
        abs(centred.distance) as magnitude_distance,
        spreads.change_spread,
        distance_spreads.distance_spread
    from centred
    inner join spreads
        on
            centred.panel = spreads.panel
            and centred.series_id = spreads.series_id
            and centred.region_level = spreads.region_level
    inner join distance_spreads
        on
            centred.panel = distance_spreads.panel
            and centred.series_id = distance_spreads.series_id
            and centred.region_level = distance_spreads.region_level
)

select * from final
