-- Scores of figures beside the limits of the rules that hold for them. A rule that
-- names a series takes the place of the rules of its kind for all. Where a rule would
-- stop a refresh, cells that are known to be odd have no score, nor do jumps in a year
-- in which the series breaks, nor figures of series that a user brought.
with figures as (
    select * from {{ ref('int_figures_scored') }}
    where file_name is not null
),

rules as (
    select * from {{ ref('int_expectations_by_level') }}
    where kind in ('jump', 'spike', 'magnitude')
),

series as (
    select series_id from {{ ref('series') }}
),

known as (
    select * from {{ ref('int_known_oddities') }}
),

breaks as (
    select
        series_id,
        region_level,
        year,
        row_origin
    from {{ ref('stg_reference__series_breaks') }}
),

listed as (
    select distinct
        panel,
        series_id,
        region_level
    from figures
),

applied as (
    select
        listed.panel,
        listed.series_id,
        listed.region_level,
        rules.expectation_id,
        rules.kind,
        rules.scale,
        rules.limit_value,
        rules.severity
    from listed
    inner join rules on listed.region_level = rules.region_level
    where
        rules.subject = listed.series_id
        or (
            rules.subject = '*'
            and not exists (
                select 1
                from rules as named
                where
                    named.region_level = listed.region_level
                    and named.kind = rules.kind
                    and named.subject = listed.series_id
            )
        )
),

scored as (
    select
        applied.panel,
        applied.series_id,
        applied.region_level,
        applied.expectation_id,
        applied.kind,
        applied.severity,
        applied.limit_value,
        figures.file_name,
        figures.region_code,
        figures.year,
        figures.value,
        round(
            case applied.kind
                when 'jump'
                    then
                        figures.jump_distance
                        / nullif(greatest(figures.change_spread, applied.scale), 0)
                when 'spike' then figures.spike_factor
                else
                    figures.magnitude_distance
                    / nullif(greatest(figures.distance_spread, applied.scale), 0)
            end,
            3
        ) as score
    from figures
    inner join applied
        on
            figures.panel = applied.panel
            and figures.series_id = applied.series_id
            and figures.region_level = applied.region_level
),

final as (
    select
        panel,
        file_name,
        series_id,
        region_code,
        year,
        value,
        expectation_id,
        score,
        limit_value
    from scored
    where
        score is not null
        and not (
            severity = 'error'
            and series_id not in (select series.series_id from series)
        )
        and not (
            severity = 'error'
            and score > limit_value
            and (
                exists (
                    select 1
                    from known
                    where
                        known.subject = scored.series_id
                        and known.region_code in (scored.region_code, '*')
                        and known.year = scored.year
                )
                or (
                    kind = 'jump'
                    and exists (
                        select 1
                        from breaks
                        where
                            breaks.series_id = scored.series_id
                            and breaks.region_level = scored.region_level
                            and breaks.year = scored.year
                            and (
                                scored.panel = 'workspace'
                                or breaks.row_origin = 'shipped'
                            )
                    )
                )
            )
        )
)

select * from final
