"""What the pages of regions read from the marts, for all regions at once."""

import duckdb
import pandas as pd

from coupling.queries.queries import DATED, group_label, indicator_label
from coupling.words.language import column, region_name

NAMED = 5


def regions(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region of any study: its name, the region it is a part of, whose."""
    return con.execute(f"""
        select
            regions.region_code,
            {region_name("regions")} as region,
            regions.parent_region_code,
            {region_name("parents")} as parent_region,
            regions.region_level,
            regions.region_origin,
            count(*) over (
                partition by {region_name("regions")}, regions.region_level
            ) > 1 as is_shared_name
        from marts.dim_regions as regions
        left join marts.dim_regions as parents
            on regions.parent_region_code = parents.region_code
        where regions.region_code in (select region_code from marts.fct_coupling)
        order by regions.region_code
    """).df()


def groups(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region of any study and grouping that one of its studies names."""
    return con.execute(f"""
        with asked as (
            select distinct coupling.region_code, studies.grouping_id
            from marts.fct_coupling as coupling
            inner join marts.dim_studies as studies
                on coupling.study_id = studies.study_id
        )

        select
            groups.region_code,
            groups.grouping_id,
            {column("groups.grouping_label")} as grouping,
            {group_label("groups")} as name
        from marts.dim_region_groups as groups
        inner join asked
            on
                groups.region_code = asked.region_code
                and groups.grouping_id = asked.grouping_id
        order by groups.region_code, groups.grouping_id
    """).df()


def standing(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region, study and year: degrees, rank, grade, of how many regions.

    `belt_mean` is mean D of the regions computed in the group of the grouping that the
    study names, the region among them; `group_id` is NULL where the region is in none.
    """
    return con.execute(f"""
        select
            coupling.region_code,
            coupling.study_id,
            {column("studies.label")} as study,
            coupling.year,
            coupling.year = studies.result_year as is_last_year,
            studies.grouping_id,
            studies.paper_id is not null as has_paper,
            groups.group_id,
            coupling.coupling_coordination_degree as degree,
            coupling.coupling_degree,
            coupling.comprehensive_index,
            coupling.coordination_rank,
            count(coupling.coordination_rank) over (
                partition by coupling.study_id, coupling.year
            ) as region_count,
            count(coupling.coordination_rank) over belts as belt_region_count,
            cast(
                sum(cast(coupling.coupling_coordination_degree as decimal(38, 24)))
                    over belts
                as double
            ) / count(coupling.coordination_rank) over belts as belt_mean,
            {column("coupling.grade")} as grade,
            studies.grade_scheme_id,
            coalesce({column("systems.label")}, coupling.lagging_system_id)
                as lagging_system,
            coupling.status,
            coupling.status_reason
        from marts.fct_coupling as coupling
        inner join {DATED} as studies
            on coupling.study_id = studies.study_id
        inner join marts.dim_regions as regions
            on coupling.region_code = regions.region_code
        left join marts.dim_region_groups as groups
            on
                studies.grouping_id = groups.grouping_id
                and coupling.region_code = groups.region_code
        left join marts.dim_systems as systems
            on
                coupling.study_id = systems.study_id
                and coupling.lagging_system_id = systems.system_id
        where coupling.is_default_method
        window belts as (
            partition by coupling.study_id, coupling.year, groups.group_id
        )
        order by
            coupling.region_code,
            studies.paper_id nulls last,
            coupling.study_id,
            coupling.year
    """).df()


def against_group(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region, study and indicator in the last year: y and its group's mean.

    Groups are those of the grouping that the study names. The mean is over the regions
    of the group that have a value, the region itself among them; `place` counts from
    the largest lead over the group, `place_from_last` from the largest arrears;
    `is_shared_name` is true where the study has the name twice.
    """
    return con.execute(f"""
        with cells as (
            select
                cells.region_code,
                cells.study_id,
                cells.indicator_id,
                groups.group_id as belt,
                cells.normalised_value
            from marts.fct_indicator_values as cells
            inner join {DATED} as studies
                on
                    cells.study_id = studies.study_id
                    and cells.method_id = studies.default_method_id
                    and cells.year = studies.result_year
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
                cast(sum(cast(normalised_value as decimal(38, 24))) as double)
                / count(*) as belt_mean
            from cells
            group by study_id, indicator_id, belt
        ),

        compared as (
            select
                cells.*,
                belts.belt_mean,
                cells.normalised_value - belts.belt_mean as lead
            from cells
            inner join belts using (study_id, indicator_id, belt)
        )

        select
            compared.region_code,
            compared.study_id,
            compared.indicator_id,
            {indicator_label("indicators")} as label,
            indicators.coverage_status = 'proxy' as is_proxy,
            {column("systems.label")} as system,
            exists (
                select 1 from marts.dim_indicators as others
                where
                    others.study_id = indicators.study_id
                    and others.label = indicators.label
                    and others.indicator_id <> indicators.indicator_id
            ) as is_shared_name,
            compared.normalised_value,
            compared.belt_mean,
            compared.lead,
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
        inner join marts.dim_systems as systems
            on
                indicators.study_id = systems.study_id
                and indicators.system_id = systems.system_id
        qualify place <= {NAMED} or place_from_last <= {NAMED}
        order by compared.region_code, compared.study_id, place
    """).df()


def gains(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region, study and indicator that would raise D most, last year."""
    return con.execute(f"""
        select
            gains.region_code,
            gains.study_id,
            gains.indicator_id,
            {indicator_label("indicators")} as label,
            {column("systems.label")} as system,
            indicators.coverage_status = 'proxy' as is_proxy,
            gains.normalised_value,
            gains.coordination_gain
        from marts.fct_marginal_gains as gains
        inner join {DATED} as studies
            on
                gains.study_id = studies.study_id
                and gains.method_id = studies.default_method_id
                and gains.year = studies.result_year
        inner join marts.dim_indicators as indicators
            on
                gains.study_id = indicators.study_id
                and gains.indicator_id = indicators.indicator_id
        inner join marts.dim_systems as systems
            on
                gains.study_id = systems.study_id
                and gains.system_id = systems.system_id
        where gains.gain_rank is not null
        qualify row_number() over (
            partition by gains.region_code, gains.study_id
            order by gains.gain_rank, indicators.indicator_position
        ) <= {NAMED}
        order by
            gains.region_code,
            gains.study_id,
            gains.gain_rank,
            indicators.indicator_position
    """).df()
