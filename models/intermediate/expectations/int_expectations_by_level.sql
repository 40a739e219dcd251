-- Rules for figures at each level of regions: those of a level take the place of rules
-- for all levels that are the same in kind, subject and severity.
with rules as (
    select
        *,
        -- what a rule of a level must share with the one whose place it takes
        case
            when kind in ('part_of_whole', 'ratio') then compared_with
        end as identity
    from {{ ref('expectations') }}
    where scope = 'yearbook'
),

levels as (
    select distinct region_level from {{ ref('int_figures_to_judge') }}
),

final as (
    select
        levels.region_level,
        rules.expectation_id,
        rules.kind,
        rules.subject,
        rules.compared_with,
        rules.scale,
        rules.limit_value,
        rules.severity,
        rules.reason
    from rules
    cross join levels
    where
        rules.level = levels.region_level
        or (
            rules.level is null
            and not exists (
                select 1
                from rules as own
                where
                    own.level = levels.region_level
                    and own.kind = rules.kind
                    and own.subject = rules.subject
                    and own.severity = rules.severity
                    and own.identity is not distinct from rules.identity
            )
        )
)

select * from final
