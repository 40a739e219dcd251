with adjudications as (
    select * from {{ ref('stg_reference__adjudications') }}
),

regions as (
    select * from {{ ref('stg_reference__regions') }}
),

series as (
    select * from {{ ref('stg_reference__series') }}
),

final as (
    select
        adjudications.region_code,
        regions.region,
        regions.name_zh as region_zh,
        adjudications.year,
        adjudications.series_id,
        series.label as series_label,
        series.label_zh as series_label_zh,
        series.unit,
        adjudications.step,
        adjudications.finding,
        adjudications.printed_value,
        adjudications.other_value,
        adjudications.neighbour_1_value,
        adjudications.neighbour_2_value,
        adjudications.trend_value,
        adjudications.taken_value,
        adjudications.outcome,
        adjudications.reason,
        adjudications.reason_zh
    from adjudications
    inner join regions on adjudications.region_code = regions.region_code
    inner join series on adjudications.series_id = series.series_id
)

select * from final
