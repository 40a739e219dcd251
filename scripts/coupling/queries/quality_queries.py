"""What the page of data quality and the home read, over all studies at once.

Every function takes an open DuckDB connection and returns a DataFrame in a fixed order
of rows, `holdings` a dictionary. Two tables are made by a refresh after dbt; where they
are absent, their functions return None.
"""

import duckdb
import pandas as pd

from coupling.queries.queries import indicator_label
from coupling.words.language import column, region_name

EXPECTATIONS = "quality.qc_expectation_results"
EFFECTS = "marts.fct_revision_effects"
CHANGES_LISTED = 50
ROWS_LISTED = 1000


def holdings(con: duckdb.DuckDBPyConnection) -> dict[str, int | None]:
    """Return counts of what the warehouse holds; years are None without figures."""
    cursor = con.execute("""
        select
            (select count(*) from marts.dim_studies) as study_count,
            (select count(distinct region_code) from marts.fct_coupling)
                as region_count,
            (select count(*) from marts.dim_systems) as system_count,
            (select count(*) from marts.dim_indicators) as indicator_count,
            (select count(*) from marts.dim_indicators where is_computed)
                as computed_count,
            (select count(distinct method_id) from marts.fct_coupling) as method_count,
            (
                select min(number)
                from (
                    select count(distinct method_id) as number
                    from marts.fct_coupling group by study_id
                )
            ) as least_method_count,
            (select count(*) from marts.fct_coupling where status = 'computed')
                as degree_count,
            (select count(*) from marts.dim_series) as series_count,
            (select count(*) from marts.fct_observations) as figure_count,
            (select min(year) from marts.fct_observations) as first_year,
            (select max(year) from marts.fct_observations) as last_year,
            (select count(distinct survey_id) from marts.fct_household_anomalies)
                as survey_count,
            (select count(*) from marts.fct_household_anomalies) as household_count
    """)
    names = [field[0] for field in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def publishers(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per publisher and origin of figures, those with most figures first."""
    return con.execute("""
        select
            publisher,
            figure_origin,
            count(distinct series_id) as series_count,
            sum(figure_count) as figure_count,
            min(first_year) as first_year,
            max(last_year) as last_year
        from marts.dim_sources
        group by publisher, figure_origin
        order by 4 desc, publisher, figure_origin
    """).df()


def sources(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per source and series, with the letter of its figures."""
    return con.execute(f"""
        select
            {column("series.label")} as label,
            sources.*
        from marts.dim_sources as sources
        inner join marts.dim_series as series
            on sources.series_id = series.series_id
        order by sources.quality desc, sources.series_id, sources.source_id
    """).df()


def letters(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per quality letter, A first: its series and figures in use."""
    return con.execute("""
        select
            quality,
            count(distinct series_id) as series_count,
            count(*) as figure_count
        from marts.fct_observations
        group by quality
        order by quality
    """).df()


def figures_by_year(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per year and quality letter: figures in use."""
    return con.execute("""
        select year, quality, count(*) as figure_count
        from marts.fct_observations
        group by year, quality
        order by year, quality
    """).df()


def coverage(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study: `quality.qc_study_coverage` with its name."""
    return con.execute(f"""
        select {column("studies.label")} as study, coverage.*
        from quality.qc_study_coverage as coverage
        inner join marts.dim_studies as studies
            on coverage.study_id = studies.study_id
        order by studies.paper_id nulls last, studies.study_id
    """).df()


def cells(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study, indicator that it lists and year: its cells by origin.

    A cell is one region. `published` cells hold a figure as it is printed, `derived`
    ones what an operator makes of figures; both are observed in the sense of
    `value_origin`. Cells of an indicator not in use count as its coverage status:
    `no_series`, `excluded`, or else `missing`. The counts add up to `cells`, the
    regions of the study.
    """
    return con.execute(f"""
        with years as (
            select study_id, unnest(generate_series(first_year, last_year)) as year
            from marts.dim_studies
        ),

        counted as (
            select
                cells.study_id,
                cells.indicator_id,
                cells.year,
                count(*) filter (where cells.value_origin = 'observed') as observed,
                count(*) filter (where cells.value_origin = 'interpolated')
                    as interpolated,
                count(*) filter (where cells.value_origin = 'carried') as carried
            from marts.fct_indicator_values as cells
            inner join marts.dim_studies as studies
                on
                    cells.study_id = studies.study_id
                    and cells.method_id = studies.default_method_id
            group by cells.study_id, cells.indicator_id, cells.year
        ),

        filled as (
            select
                studies.study_id,
                studies.paper_id,
                {column("studies.label")} as study,
                systems.system_position,
                indicators.indicator_position,
                indicators.indicator_id,
                {indicator_label("indicators")} as label,
                indicators.coverage_status,
                indicators.is_computed,
                indicators.operator = 'identity' as is_published,
                years.year,
                studies.region_count as cells,
                coalesce(counted.observed, 0) as observed,
                coalesce(counted.interpolated, 0) as interpolated,
                coalesce(counted.carried, 0) as carried
            from marts.dim_indicators as indicators
            inner join marts.dim_studies as studies
                on indicators.study_id = studies.study_id
            inner join marts.dim_systems as systems
                on
                    indicators.study_id = systems.study_id
                    and indicators.system_id = systems.system_id
            inner join years on indicators.study_id = years.study_id
            left join counted
                on
                    indicators.study_id = counted.study_id
                    and indicators.indicator_id = counted.indicator_id
                    and years.year = counted.year
        ),

        remaining as (
            select *, cells - observed - interpolated - carried as rest from filled
        )

        select
            study_id,
            study,
            indicator_id,
            label,
            coverage_status,
            is_computed,
            year,
            cells,
            case when is_published then observed else 0 end as published,
            case when is_published then 0 else observed end as derived,
            interpolated,
            carried,
            case when coverage_status = 'no_series' then rest else 0 end as no_series,
            case when coverage_status = 'excluded' then rest else 0 end as excluded,
            case
                when coverage_status in ('no_series', 'excluded') then 0 else rest
            end as missing
        from remaining
        order by
            paper_id nulls last,
            study_id,
            system_position,
            indicator_position,
            indicator_id,
            year
    """).df()


def degenerate(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study, indicator and scope that cannot be used."""
    return con.execute(f"""
        select
            {column("studies.label")} as study,
            found.indicator_id,
            {indicator_label("indicators")} as label,
            found.normalisation_scope,
            found.year,
            found.reason
        from quality.qc_degenerate_indicators as found
        inner join marts.dim_studies as studies on found.study_id = studies.study_id
        inner join marts.dim_indicators as indicators
            on
                found.study_id = indicators.study_id
                and found.indicator_id = indicators.indicator_id
        order by
            found.study_id,
            found.indicator_id,
            found.normalisation_scope,
            found.year nulls first
    """).df()


def suspicious_counts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per reason why figures are worth a look, the commonest first."""
    return con.execute("""
        select
            reason,
            count(*) as figure_count,
            count(distinct series_id) as series_count
        from quality.qc_suspicious_observations
        group by reason
        order by figure_count desc, reason
    """).df()


def suspicious(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per figure worth a look, with the names of series and region."""
    return con.execute(
        f"""
        select
            {column("series.label")} as label,
            series.unit,
            {region_name("regions")} as region,
            found.*
        from quality.qc_suspicious_observations as found
        inner join marts.dim_series as series on found.series_id = series.series_id
        inner join marts.dim_regions as regions
            on found.region_code = regions.region_code
        order by found.series_id, found.region_code, found.year
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def revision_counts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per landing and kind of change of figures, in the order of landings."""
    return con.execute("""
        select
            landing_position,
            landing_id,
            file_name,
            landed_at,
            kind,
            count(*) as figure_count,
            count(distinct series_id) as series_count
        from marts.fct_data_revisions
        group by all
        order by landing_position, kind
    """).df()


def revisions(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per figure that a landing changed, the latest landing first."""
    return con.execute(
        f"""
        select
            coalesce({column("series.label")}, changes.series_id) as label,
            series.unit,
            coalesce({region_name("regions")}, changes.region_code) as region,
            changes.*
        from marts.fct_data_revisions as changes
        left join marts.dim_series as series on changes.series_id = series.series_id
        left join marts.dim_regions as regions
            on changes.region_code = regions.region_code
        order by
            changes.landing_position desc,
            changes.series_id,
            changes.region_code,
            changes.year
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def effect_counts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame | None:
    """One row per refresh and study: degrees and ranks changed, and by how much.

    `largest_...` are the largest effects by size, without their signs. None where no
    refresh made the database.
    """
    if not _is_there(con, EFFECTS):
        return None
    return con.execute(f"""
        select
            effects.run_id,
            coalesce({column("studies.label")}, effects.study_id) as study,
            count(*) as row_count,
            count(*) filter (
                where effects.degree_before is distinct from effects.degree_after
            ) as degree_count,
            count(*) filter (
                where effects.rank_before is distinct from effects.rank_after
            ) as rank_count,
            count(*) filter (where effects.effect_status = 'split') as split_count,
            cast(max(abs(effects.data_effect)) as double) as largest_data_effect,
            cast(max(abs(effects.method_effect)) as double) as largest_method_effect
        from marts.fct_revision_effects as effects
        left join marts.dim_studies as studies on effects.study_id = studies.study_id
        group by all
        order by effects.run_id desc, study
    """).df()


def largest_effects(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per changed degree of a default method, the largest of the latest first.

    At most fifty; rows that only one of the two builds has come last. Call it only
    where `effect_counts` is not None.
    """
    return con.execute(
        f"""
        select
            effects.run_id,
            {column("studies.label")} as study,
            coalesce({region_name("regions")}, effects.region_code) as region,
            effects.year,
            cast(effects.degree_before as double) as degree_before,
            cast(effects.degree_after as double) as degree_after,
            cast(effects.data_effect as double) as data_effect,
            cast(effects.method_effect as double) as method_effect,
            effects.rank_before,
            effects.rank_after,
            effects.effect_status
        from marts.fct_revision_effects as effects
        inner join marts.dim_studies as studies
            on
                effects.study_id = studies.study_id
                and effects.method_id = studies.default_method_id
        left join marts.dim_regions as regions
            on effects.region_code = regions.region_code
        order by
            effects.run_id desc,
            abs(effects.degree_after - effects.degree_before) desc nulls last,
            effects.study_id,
            effects.region_code,
            effects.year
        limit $listed
        """,
        {"listed": CHANGES_LISTED},
    ).df()


def set_aside(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per thing of the workspace that the build leaves out."""
    return con.execute(
        """
        select * from quality.qc_set_aside
        order by kind, name, source_file, source_row, source_column, reason
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def landing_rejects(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per cell of a yearbook file that was not landed."""
    return con.execute(
        """
        select * from quality.qc_landing_rejects
        order by landing_id, sheet, source_row, source_column, reason
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def household_rejects(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per household or survey column that could not be used."""
    return con.execute(
        """
        select * from quality.qc_household_rejects
        order by all nulls first
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def winsorised(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per survey and amount: values pulled back to a quantile, by bound."""
    return con.execute("""
        select
            survey_id,
            column_name,
            count(*) filter (where bound = 'lower') as lower_count,
            count(*) filter (where bound = 'upper') as upper_count
        from quality.qc_winsorised_household_values
        group by survey_id, column_name
        order by survey_id, column_name
    """).df()


def row_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return {table: rows} of the tables of which the page lists rows."""
    tables = {
        "qc_suspicious_observations": "quality",
        "qc_degenerate_indicators": "quality",
        "qc_set_aside": "quality",
        "qc_landing_rejects": "quality",
        "qc_household_rejects": "quality",
        "qc_winsorised_household_values": "quality",
        "fct_data_revisions": "marts",
    }
    return {
        table: con.execute(f"select count(*) from {schema}.{table}").fetchone()[0]
        for table, schema in tables.items()
    }


def suites(con: duckdb.DuckDBPyConnection) -> pd.DataFrame | None:
    """One row per suite of expectations: checks held, warnings let through, errors.

    None where no expectation was judged on the database.
    """
    if not _is_there(con, EXPECTATIONS):
        return None
    return con.execute("""
        select
            suite,
            count(*) as check_count,
            count(*) filter (where success) as held_count,
            count(*) filter (where not success and severity = 'warning')
                as warning_count,
            count(*) filter (where not success and severity = 'error') as error_count
        from quality.qc_expectation_results
        group by suite
        order by warning_count desc, suite
    """).df()


def checks(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per check of an expectation, errors first, as recorded.

    Call it only where `suites` is not None.
    """
    return con.execute("""
        select *
        from quality.qc_expectation_results
        order by severity, suite, table_name, column_name, expectation
    """).df()


def unmet(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per check that does not hold, with the series where the column is one.

    Call it only where `suites` is not None.
    """
    return con.execute(
        f"""
        select {column("series.label")} as label, results.*
        from quality.qc_expectation_results as results
        left join marts.dim_series as series on results.column_name = series.series_id
        where not results.success
        order by
            results.severity,
            results.suite,
            results.table_name,
            results.column_name,
            results.expectation
        limit $listed
        """,
        {"listed": ROWS_LISTED},
    ).df()


def _is_there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    schema, name = table.split(".")
    return bool(
        con.execute(
            """
            select 1 from duckdb_tables()
            where schema_name = $schema and table_name = $name
            """,
            {"schema": schema, "name": name},
        ).fetchone()
    )
