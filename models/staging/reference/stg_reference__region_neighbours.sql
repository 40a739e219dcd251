-- One row per border in the seed becomes two rows, so that either side can be asked.
with source as (
    {{ with_workspace(ref('region_neighbours')) }}
),

final as (
    select
        region_code_a as region_code,
        region_code_b as neighbour_region_code,
        basis
    from source
    union all
    select
        region_code_b as region_code,
        region_code_a as neighbour_region_code,
        basis
    from source
)

select * from final
