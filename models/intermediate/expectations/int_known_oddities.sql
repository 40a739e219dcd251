-- Cells that are known to be odd, one each; * stands for every region.
with listed as (
    select
        subject,
        unnest(string_split(compared_with, ',')) as cell
    from {{ ref('expectations') }}
    where scope = 'yearbook' and kind = 'known'
),

final as (
    select distinct
        subject,
        split_part(trim(cell), ' ', 1) as region_code,
        cast(split_part(trim(cell), ' ', 2) as int) as year
    from listed
)

select * from final
