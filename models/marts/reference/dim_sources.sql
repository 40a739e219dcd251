-- Stated sources as they are; of a user's file one row per series that it gives.
with sources as (
    select * from {{ ref('stg_reference__sources') }}
),

files as (
    select * from {{ ref('stg_workspace__files') }}
),

in_use as (
    select
        source_id,
        series_id,
        min(year) as first_year,
        max(year) as last_year,
        cast(count(*) as int) as figure_count
    from {{ ref('int_observations') }}
    group by source_id, series_id
),

final as (
    select
        source_id,
        series_id,
        publisher,
        publisher_zh,
        title,
        title_zh,
        citation,
        citation_zh,
        first_year,
        last_year,
        figure_count,
        copies_compared,
        quality,
        quality_note,
        quality_note_zh,
        case when is_shipped then 'shipped' else 'workspace' end as figure_origin,
        cast(null as int) as landing_position,
        region_level
    from sources
    union all
    select
        files.source_id,
        in_use.series_id,
        files.publisher,
        files.publisher_zh,
        files.title,
        files.title as title_zh,
        files.citation,
        files.citation_zh,
        in_use.first_year,
        in_use.last_year,
        in_use.figure_count,
        1 as copies_compared,
        'U' as quality,
        cast(null as string) as quality_note,
        cast(null as string) as quality_note_zh,
        'workspace' as figure_origin,
        files.position as landing_position,
        cast(null as string) as region_level
    from files
    inner join in_use on files.source_id = in_use.source_id
)

select * from final
