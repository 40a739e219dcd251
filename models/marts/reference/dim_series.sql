-- A series has the source that states it, that of provinces before that of cities and a
-- later one before an earlier; failing that, the user's file with figures of it that
-- was landed last. Years and figures are those of all such sources of the same level.
with series as (
    select * from {{ ref('stg_reference__series') }}
),

sources as (
    select * from {{ ref('dim_sources') }}
),

stated as (
    select source_id from {{ ref('stg_reference__sources') }}
),

ranked as (
    select
        sources.*,
        row_number() over (
            partition by sources.series_id
            order by
                case when stated.source_id is null then 1 else 0 end asc,
                case when sources.region_level = 'city' then 1 else 0 end asc,
                coalesce(sources.landing_position, 0) desc,
                case when stated.source_id is not null then sources.first_year end desc,
                sources.source_id desc
        ) as place,
        min(sources.first_year) over (
            partition by
                sources.series_id, stated.source_id is null, sources.region_level
        ) as first_year_of_all,
        max(sources.last_year) over (
            partition by
                sources.series_id, stated.source_id is null, sources.region_level
        ) as last_year_of_all,
        sum(sources.figure_count) over (
            partition by
                sources.series_id, stated.source_id is null, sources.region_level
        ) as figure_count_of_all
    from sources
    left join stated on sources.source_id = stated.source_id
),

final as (
    select
        series.series_id,
        series.chapter,
        series.label,
        series.label_zh,
        series.unit,
        ranked.source_id,
        ranked.publisher,
        ranked.publisher_zh,
        ranked.title,
        ranked.title_zh,
        ranked.citation,
        ranked.citation_zh,
        ranked.first_year_of_all as first_year,
        ranked.last_year_of_all as last_year,
        cast(ranked.figure_count_of_all as int) as figure_count,
        ranked.copies_compared,
        ranked.quality,
        ranked.quality_note,
        ranked.quality_note_zh,
        series.row_origin as series_origin,
        ranked.region_level,
        series.city_chapter
    from series
    inner join ranked on series.series_id = ranked.series_id
    where ranked.place = 1
)

select * from final
