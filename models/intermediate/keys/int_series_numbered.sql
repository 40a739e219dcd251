-- A small number for each series, which stands for it between the models.
with series as (
    select * from {{ ref('stg_reference__series') }}
),

final as (
    select
        series_id,
        cast(row_number() over (order by series_id) as int) as series_key
    from series
)

select * from final
