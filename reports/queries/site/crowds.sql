-- One row: ids of the studies of many regions, and the regions in no other study.
with members as (
    select distinct
        study_id,
        region_code
    from marts.fct_coupling
),

counted as (
    select
        study_id,
        region_code,
        count(*) over (partition by study_id) > $many as is_crowded
    from members
),

crowded_regions as (
    select region_code
    from counted
    group by region_code
    having bool_and(is_crowded)
)

select
    (
        select array_agg(distinct counted.study_id order by counted.study_id)
        from counted
        where counted.is_crowded
    ) as studies,
    (
        select array_agg(alone.region_code order by alone.region_code)
        from crowded_regions as alone
    ) as regions
