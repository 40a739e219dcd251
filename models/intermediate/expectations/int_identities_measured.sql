-- Identities of figures, cell by cell. part_of_whole: the parts' sum over the whole.
-- ratio: how far a figure is from scale x a / b, as a share of it. A cell without all
-- of the figures has no measure; known oddities have none either. It counts for the
-- file of the first figure that ships, for each file of a user's own that has one.
with figures as (
    select * from {{ ref('int_figures_to_judge') }}
),

rules as (
    select
        *,
        regexp_extract_all(subject, '\w+') as parts,
        regexp_extract_all(compared_with, '\w+') as others
    from {{ ref('int_expectations_by_level') }}
    where kind in ('part_of_whole', 'ratio')
),

known as (
    select * from {{ ref('int_known_oddities') }}
),

named as (
    select
        expectation_id,
        region_level,
        kind,
        len(parts) as part_count,
        unnest(parts) as series_id,
        'part' as place,
        parts[1] as first_series_id
    from rules
    union all
    select
        expectation_id,
        region_level,
        kind,
        len(parts) as part_count,
        unnest(others) as series_id,
        unnest(if(len(others) = 1, ['whole'], ['a', 'b'])) as place,
        parts[1] as first_series_id
    from rules
),

placed as (
    select
        named.expectation_id,
        named.region_level,
        figures.panel,
        figures.region_code,
        figures.year,
        named.part_count,
        {{ exact_sum("case when named.place = 'part' then figures.value end", 12) }}
            as part,
        count(*) filter (where named.place = 'part') as parts_given,
        max(case when named.place in ('whole', 'a') then figures.value end) as whole,
        max(case when named.place = 'b' then figures.value end) as divisor,
        array_agg(distinct figures.file_name) filter (
            where
            figures.file_name is not null
            and (
                figures.panel = 'workspace'
                or figures.series_id = named.first_series_id
            )
        ) as files
    from named
    inner join figures
        on
            named.series_id = figures.series_id
            and named.region_level = figures.region_level
    group by
        named.expectation_id,
        named.region_level,
        figures.panel,
        figures.region_code,
        figures.year,
        named.part_count
),

measured as (
    select
        placed.panel,
        unnest(placed.files) as file_name,
        placed.region_code,
        placed.year,
        rules.expectation_id,
        rules.subject,
        rules.limit_value,
        case rules.kind
            when 'part_of_whole' then placed.part / nullif(placed.whole, 0)
            else
                abs(
                    placed.part * placed.divisor
                    / nullif(rules.scale * placed.whole, 0) - 1
                )
        end as measure
    from placed
    inner join rules
        on
            placed.expectation_id = rules.expectation_id
            and placed.region_level = rules.region_level
    where placed.parts_given = placed.part_count
),

final as (
    select *
    from measured
    where
        measure is not null
        and not exists (
            select 1
            from known
            where
                known.subject = measured.expectation_id
                and known.region_code in (measured.region_code, '*')
                and known.year = measured.year
        )
)

select * from final
