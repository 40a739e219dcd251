-- One row per region, study and indicator in the last year: y and its group's mean.
--
-- Groups are those of the grouping that the study names. The mean is over the regions
-- of the group that have a value, the region itself among them; `place` counts from
-- the largest lead over the group, `place_from_last` from the largest arrears;
-- `is_shared_name` is true where the study has the name twice.
with cells as (
    select
        cells.region_code,
        cells.study_id,
        cells.indicator_id,
        groups.group_id as belt,
        cells.normalised_value
    from marts.fct_indicator_values as cells
    inner join marts.fct_study_years as years
        on
            cells.study_id = years.study_id
            and cells.method_id = years.method_id
            and cells.year = years.year
            and years.is_result_year
            and years.is_default_method
    inner join marts.dim_studies as studies on cells.study_id = studies.study_id
    inner join marts.dim_region_groups as groups
        on
            studies.grouping_id = groups.grouping_id
            and cells.region_code = groups.region_code
    where cells.normalised_value is not null
),

belts as (
    select
        study_id,
        indicator_id,
        belt,
        exact_mean(normalised_value) as belt_mean
    from cells
    group by study_id, indicator_id, belt
),

shared_names as (
    select
        study_id,
        label
    from marts.dim_indicators
    group by study_id, label
    having count(distinct indicator_id) > 1
),

compared as (
    select
        cells.region_code,
        cells.study_id,
        cells.indicator_id,
        cells.normalised_value,
        belts.belt_mean,
        cells.normalised_value - belts.belt_mean as lead
    from cells
    inner join belts
        on
            cells.study_id = belts.study_id
            and cells.indicator_id = belts.indicator_id
            and cells.belt = belts.belt
),

placed as (
    select
        compared.*,
        indicators.label,
        indicators.label_zh,
        indicators.coverage_status,
        indicators.system_id,
        row_number() over (
            partition by compared.region_code, compared.study_id
            order by round(compared.lead, 12) desc, indicators.indicator_position
        ) as place,
        row_number() over (
            partition by compared.region_code, compared.study_id
            order by round(compared.lead, 12), indicators.indicator_position
        ) as place_from_last
    from compared
    inner join marts.dim_indicators as indicators
        on
            compared.study_id = indicators.study_id
            and compared.indicator_id = indicators.indicator_id
)

select
    placed.region_code,
    placed.study_id,
    placed.indicator_id,
    indicator_label(placed.label, placed.label_zh, placed.coverage_status) as label,
    placed.coverage_status = 'proxy' as is_proxy,
    spoken(systems.label, systems.label_zh) as system,
    shared_names.label is not null as is_shared_name,
    placed.normalised_value,
    placed.belt_mean,
    placed.lead,
    placed.place,
    placed.place_from_last
from placed
inner join marts.dim_systems as systems
    on
        placed.study_id = systems.study_id
        and placed.system_id = systems.system_id
left join shared_names
    on
        placed.study_id = shared_names.study_id
        and placed.label = shared_names.label
where placed.place <= $named or placed.place_from_last <= $named
order by placed.region_code, placed.study_id, placed.place
