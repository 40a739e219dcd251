-- One row: how much of everything the warehouse holds; years are NULL without figures.
with methods_by_study as (
    select
        study_id,
        count(distinct method_id) as method_count
    from marts.fct_coupling
    group by study_id
)

select
    (select count(*) from marts.dim_studies) as study_count,
    (select count(distinct region_code) from marts.fct_coupling) as region_count,
    (select count(*) from marts.dim_systems) as system_count,
    (select count(*) from marts.dim_indicators) as indicator_count,
    (
        select count(*) from marts.dim_indicators
        where is_computed
    ) as computed_count,
    (select count(distinct method_id) from marts.fct_coupling) as method_count,
    (select min(method_count) from methods_by_study) as least_method_count,
    (
        select count(*) from marts.fct_coupling
        where status = 'computed')
        as degree_count,
    (select count(*) from marts.dim_series) as series_count,
    (select count(*) from marts.fct_observations) as figure_count,
    (select min(year) from marts.fct_observations) as first_year,
    (select max(year) from marts.fct_observations) as last_year,
    (select count(*) from marts.dim_surveys) as survey_count,
    (select count(*) from marts.fct_household_anomalies) as household_count
