-- A small number for each source of figures: those stated by series, level and years,
-- and the files of a user, of which no more is known.
with stated as (
    select
        source_id,
        quality,
        quality_note,
        quality_note_zh,
        false as is_file
    from {{ ref('stg_reference__sources') }}
),

files as (
    select distinct
        source_id,
        'U' as quality,
        cast(null as string) as quality_note,
        cast(null as string) as quality_note_zh,
        true as is_file
    from {{ ref('stg_workspace__figures') }}
    where source_id not in (select stated.source_id from stated)
),

together as (
    select * from stated
    union all
    select * from files
),

final as (
    select
        *,
        cast(row_number() over (order by is_file, source_id) as int) as source_key
    from together
)

select * from final
