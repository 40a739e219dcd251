"""What the pages read from the marts, one function per table.

Every function takes an open DuckDB connection and, where it is of one study or survey,
a `study_id` or a `survey_id`, and returns a DataFrame in a fixed order of rows. Results
of a study are those of its default method. Its degrees, scores, weights and shares have
no unit and lie between 0 and 1. The label of an indicator measured by a proxy says so,
but in `indicators`, which has its status. A table that the warehouse lacks raises
`duckdb.CatalogException`.
"""

import duckdb
import pandas as pd

from coupling.words.language import ENGLISH, _, citation, column, region_name, spoken

ALL_REGIONS = "ALL"
SCORE_BINS = 40
POINTS_DRAWN = 1500
HOUSEHOLDS_LISTED = 20
RULES_LISTED = 5
MANY_REGIONS = 60  # a study of more has one page for all of them, not one for each
# studies with the year that their pages show: the last that the default method computes
DATED = """(
    select studies.*, coalesce(computed.year, studies.last_year) as result_year
    from marts.dim_studies as studies
    left join (
        select study_id, max(year) as year
        from marts.fct_coupling
        where is_default_method and status = 'computed'
        group by study_id
    ) as computed
        on studies.study_id = computed.study_id
)"""
# sources of the figures behind indicators, by what each observation states
USED = """
    select distinct
        study_id,
        indicator_id,
        replace(replace(role, '_year_before', ''), '_country_total', '') as role,
        series_id,
        unnest([source_id, further_source_id]) as source_id
    from marts.fct_indicator_figures
"""


def studies(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study: its names, years, counts, default method and grade scheme.

    `result_year` is the last year that the default method computes, the last year of
    the study where it computes none; `years_without_figures` has an array of years, and
    `own_files` the names of a user's files that the study rests on, each NULL where
    there are none.
    """
    return fetch(
        con,
        f"""
        with blank_years as (
            select study_id, array_agg(distinct year order by year) as years
            from marts.fct_coupling
            where is_default_method and status = 'no_figures_in_year'
            group by study_id
        ),

        own_files as (
            select
                used.study_id,
                array_agg(distinct sources.title order by sources.title) as files
            from ({USED}) as used
            inner join marts.dim_sources as sources
                on
                    used.source_id = sources.source_id
                    and used.series_id = sources.series_id
            where sources.figure_origin = 'workspace'
            group by used.study_id
        )

        select
            studies.*,
            blank_years.years as years_without_figures,
            own_files.files as own_files,
            {column("divisions.label")} as grouping,
            {column("methods.label")} as method,
            papers.authors as paper_authors,
            papers.title as paper_title,
            {column("papers.subject")} as paper_subject
        from {DATED} as studies
        inner join marts.dim_methods as methods
            on studies.default_method_id = methods.method_id
        left join marts.dim_papers as papers on studies.paper_id = papers.paper_id
        left join blank_years on studies.study_id = blank_years.study_id
        left join own_files on studies.study_id = own_files.study_id
        left join (
            select
                grouping_id,
                min(grouping_label) as label,
                min(grouping_label_zh) as label_zh
            from marts.dim_region_groups
            group by grouping_id
        ) as divisions
            on studies.grouping_id = divisions.grouping_id
        order by studies.paper_id nulls last, studies.study_id
        """,
    )


def papers(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per paper of a claim, in order: its number, authors, title, subject."""
    return fetch(
        con,
        f"""
        select
            checks.paper_id,
            papers.authors as paper_authors,
            papers.title as paper_title,
            {column("papers.subject")} as paper_subject
        from (select distinct paper_id from marts.fct_published_checks) as checks
        left join marts.dim_papers as papers on checks.paper_id = papers.paper_id
        order by checks.paper_id
        """,
    )


def crowds(con: duckdb.DuckDBPyConnection) -> tuple[list[str], list[str]]:
    """Return the ids of studies of many regions, and the regions in no other study."""
    rows = con.execute(
        """
        with members as (
            select distinct study_id, region_code from marts.fct_coupling
        ),

        counted as (
            select
                *,
                count(*) over (partition by study_id) > $many as is_crowded
            from members
        )

        select
            array_agg(distinct study_id order by study_id)
                filter (where is_crowded),
            (
                select array_agg(region_code order by region_code)
                from (
                    select region_code from counted
                    group by region_code having bool_and(is_crowded)
                )
            )
        from counted
        """,
        {"many": MANY_REGIONS},
    ).fetchone()
    return rows[0] or [], rows[1] or []


def region_names(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return {English name: name in the language spoken} of the regions.

    A name that several regions of different names in the language bear is that of the
    province among them; without one, or with several, it is left out.
    """
    name = region_name("regions")
    rows = con.execute(f"""
        select
            regions.region,
            coalesce(
                min({name}) filter (where regions.region_level = 'province'),
                min({name})
            )
        from marts.dim_regions as regions
        group by regions.region
        having
            count(distinct {name}) = 1
            or count(distinct {name}) filter (where regions.region_level = 'province')
            = 1
    """)
    return dict(rows.fetchall())


def method(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row: the default method of the study, with its choice at every step."""
    return fetch(
        con,
        """
        select methods.*
        from marts.dim_methods as methods
        inner join marts.dim_studies as studies
            on methods.method_id = studies.default_method_id
        where studies.study_id = $study_id
        """,
        study_id=study_id,
    )


def combined_weights(con: duckdb.DuckDBPyConnection, method_id: str) -> pd.DataFrame:
    """One row per rule of a method whose weights are combined, in their order."""
    return fetch(
        con,
        """
        select weighting, share from marts.dim_combined_weights
        where method_id = $method_id
        order by member_position
        """,
        method_id=method_id,
    )


def development_types(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per type of relative development of the study, from the lowest."""
    return fetch(
        con,
        """
        select types.lags, types.lower_bound, types.upper_bound
        from marts.dim_development_types as types
        inner join marts.dim_studies as studies
            on types.threshold_set_id = studies.development_threshold_set
        where studies.study_id = $study_id
        order by types.type_position
        """,
        study_id=study_id,
    )


def systems(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per system, in the order of the study, as its default method has it."""
    return fetch(
        con,
        """
        with contributions as (
            select distinct system_id, contribution
            from marts.fct_system_scores
            where study_id = $study_id and is_default_method
        )

        select
            systems.system_id,
            systems.label,
            systems.label_zh,
            coalesce(contributions.contribution, systems.contribution) as contribution
        from marts.dim_systems as systems
        left join contributions using (system_id)
        where systems.study_id = $study_id
        order by systems.system_position
        """,
        study_id=study_id,
    )


def grades(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per grade of the study's scheme, the lowest first."""
    return fetch(
        con,
        """
        select grade_level, grade, grade_zh, lower_bound, upper_bound, closed_side
        from marts.dim_grades
        inner join marts.dim_studies using (grade_scheme_id)
        where study_id = $study_id
        order by grade_level
        """,
        study_id=study_id,
    )


def mean_scores(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year and system: the mean score over the regions computed."""
    return fetch(
        con,
        f"""
        select scores.year, scores.system_id, {_mean("scores.score")} as score
        from marts.fct_system_scores as scores
        inner join marts.dim_systems as systems
            on
                scores.study_id = systems.study_id
                and scores.system_id = systems.system_id
        where
            scores.study_id = $study_id
            and scores.is_default_method
            and scores.status = 'computed'
        group by scores.year, scores.system_id, systems.system_position
        order by scores.year, systems.system_position
        """,
        study_id=study_id,
    )


def mean_coupling(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year with a result: mean C, T and D over the regions computed."""
    return fetch(
        con,
        f"""
        select
            year,
            count(*) as region_count,
            {_mean("coupling_degree")} as coupling_degree,
            {_mean("comprehensive_index")} as comprehensive_index,
            {_mean("coupling_coordination_degree")} as coupling_coordination_degree
        from marts.fct_coupling
        where study_id = $study_id and is_default_method and status = 'computed'
        group by year
        order by year
        """,
        study_id=study_id,
    )


def ranking(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per region in the last year computed, best D first.

    Regions without a result come last, with `status_reason` and no degree.
    """
    found = fetch(
        con,
        f"""
        select
            coupling.coordination_rank,
            coupling.region_code,
            {region_name("regions")} as region,
            regions.name_zh,
            coupling.coupling_coordination_degree,
            coupling.coupling_degree,
            coupling.comprehensive_index,
            coupling.grade_level,
            {column("coupling.grade")} as grade,
            coupling.lagging_system_id,
            coalesce({column("systems.label")}, coupling.lagging_system_id)
                as lagging_system,
            coupling.status,
            coalesce(coupling.status_reason, coupling.status) as status_reason
        from marts.fct_coupling as coupling
        inner join {DATED} as studies
            on
                coupling.study_id = studies.study_id
                and coupling.year = studies.result_year
        inner join marts.dim_regions as regions
            on coupling.region_code = regions.region_code
        left join marts.dim_systems as systems
            on
                coupling.study_id = systems.study_id
                and coupling.lagging_system_id = systems.system_id
        where coupling.study_id = $study_id and coupling.is_default_method
        order by coupling.coordination_rank nulls last, coupling.region_code
        """,
        study_id=study_id,
    )
    return told_apart(found)


def grade_counts(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year and grade level that occurs; level NULL counts the rest."""
    return fetch(
        con,
        """
        select year, grade_level, count(*) as region_count
        from marts.fct_coupling
        where study_id = $study_id and is_default_method
        group by year, grade_level
        order by year, grade_level nulls last
        """,
        study_id=study_id,
    )


def lagging_counts(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per lagging system (or synchronous): its region-years, most first."""
    return fetch(
        con,
        f"""
        select
            coupling.lagging_system_id,
            coalesce({column("systems.label")}, coupling.lagging_system_id)
                as lagging_system,
            count(*) as region_years
        from marts.fct_coupling as coupling
        left join marts.dim_systems as systems
            on
                coupling.study_id = systems.study_id
                and coupling.lagging_system_id = systems.system_id
        where
            coupling.study_id = $study_id
            and coupling.is_default_method
            and coupling.status = 'computed'
        group by coupling.lagging_system_id, lagging_system, systems.system_position
        order by region_years desc, systems.system_position nulls last
        """,
        study_id=study_id,
    )


def indicator_obstacles(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year and indicator: mean obstacle degree over regions, by rank."""
    return fetch(
        con,
        f"""
        select
            obstacles.year,
            obstacles.obstacle_rank,
            obstacles.item_id as indicator_id,
            {indicator_label("indicators")} as label,
            indicators.system_id,
            obstacles.obstacle_degree
        from marts.fct_obstacle_rankings as obstacles
        inner join marts.dim_studies as studies
            on
                obstacles.study_id = studies.study_id
                and obstacles.method_id = studies.default_method_id
        inner join marts.dim_indicators as indicators
            on
                obstacles.study_id = indicators.study_id
                and obstacles.item_id = indicators.indicator_id
        where
            obstacles.study_id = $study_id
            and obstacles.region_code = $region_code
            and obstacles.level = 'indicator'
        order by
            obstacles.year,
            obstacles.obstacle_rank,
            indicators.indicator_position,
            indicators.indicator_id
        """,
        study_id=study_id,
        region_code=ALL_REGIONS,
    )


def criterion_obstacles(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year and criterion: mean obstacle degree over regions.

    Criteria come in the order of the study, system by system.
    """
    return fetch(
        con,
        f"""
        with criteria as (
            select
                study_id,
                system_id,
                criterion,
                min(criterion_zh) as criterion_zh,
                min(indicator_position) as criterion_position
            from marts.dim_indicators
            group by study_id, system_id, criterion
        )

        select
            obstacles.year,
            obstacles.item_id,
            criteria.system_id,
            {column("systems.label")} as system,
            {column("criteria.criterion")} as criterion,
            obstacles.obstacle_degree
        from marts.fct_obstacle_rankings as obstacles
        inner join marts.dim_studies as studies
            on
                obstacles.study_id = studies.study_id
                and obstacles.method_id = studies.default_method_id
        inner join criteria
            on
                obstacles.study_id = criteria.study_id
                and obstacles.item_id
                = concat(criteria.system_id, ': ', criteria.criterion)
        inner join marts.dim_systems as systems
            on
                criteria.study_id = systems.study_id
                and criteria.system_id = systems.system_id
        where
            obstacles.study_id = $study_id
            and obstacles.region_code = $region_code
            and obstacles.level = 'criterion'
        order by
            obstacles.year,
            systems.system_position,
            criteria.criterion_position,
            criteria.criterion
        """,
        study_id=study_id,
        region_code=ALL_REGIONS,
    )


def weights(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator with its weight in the system and in the study.

    Where weights are set year by year, those of the last year computed.
    """
    return fetch(
        con,
        f"""
        select
            weights.year,
            weights.system_id,
            {column("systems.label")} as system,
            systems.contribution,
            {column("indicators.criterion")} as criterion,
            weights.indicator_id,
            {indicator_label("indicators")} as label,
            weights.weight,
            weights.study_weight,
            weights.status
        from marts.fct_indicator_weights as weights
        inner join {DATED} as studies
            on
                weights.study_id = studies.study_id
                and weights.method_id = studies.default_method_id
        inner join marts.dim_indicators as indicators
            on
                weights.study_id = indicators.study_id
                and weights.indicator_id = indicators.indicator_id
        inner join marts.dim_systems as systems
            on
                weights.study_id = systems.study_id
                and weights.system_id = systems.system_id
        where
            weights.study_id = $study_id
            and coalesce(weights.year, studies.result_year) = studies.result_year
        order by
            systems.system_position,
            min(indicators.indicator_position) over (
                partition by weights.system_id, indicators.criterion
            ),
            indicators.criterion,
            indicators.indicator_position,
            weights.indicator_id
        """,
        study_id=study_id,
    )


def indicators(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator of the study, with the series that it is derived from.

    Columns of the first and second series are prefixed `a_` and `b_`; they are missing
    where the operator takes fewer.
    """
    return fetch(
        con,
        f"""
        select
            indicators.*,
            {column("systems.label")} as system,
            {column("a.label")} as a_label,
            a.title as a_title,
            a.quality as a_quality,
            a.quality_note as a_quality_note,
            {column("b.label")} as b_label,
            b.title as b_title,
            b.quality as b_quality,
            b.quality_note as b_quality_note
        from marts.dim_indicators as indicators
        inner join marts.dim_systems as systems
            on
                indicators.study_id = systems.study_id
                and indicators.system_id = systems.system_id
        left join marts.dim_series as a
            on indicators.numerator_series_id = a.series_id
        left join marts.dim_series as b
            on indicators.denominator_series_id = b.series_id
        where indicators.study_id = $study_id
        order by
            systems.system_position,
            indicators.indicator_position,
            indicators.indicator_id
        """,
        study_id=study_id,
    )


def same_figures(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator in use whose value is another's in every region and year.

    Those of one `figures` share their values; the groups and the indicators in them
    come in the order of the study. Indicators without a value are left out.
    """
    return fetch(
        con,
        f"""
        with by_indicator as (
            select
                cells.indicator_id,
                array_agg(
                    cells.raw_value order by cells.region_code, cells.year
                ) as raw_values
            from marts.fct_indicator_values as cells
            inner join marts.dim_studies as studies
                on
                    cells.study_id = studies.study_id
                    and cells.method_id = studies.default_method_id
            where cells.study_id = $study_id
            group by cells.indicator_id
            having count(cells.raw_value) > 0
        ),

        placed as (
            select
                by_indicator.raw_values,
                indicators.indicator_id,
                {indicator_label("indicators")} as label,
                indicators.coverage_status = 'proxy' as is_proxy,
                {column("systems.label")} as system,
                row_number() over (
                    order by systems.system_position, indicators.indicator_position
                ) as place
            from by_indicator
            inner join marts.dim_indicators as indicators
                on
                    indicators.study_id = $study_id
                    and by_indicator.indicator_id = indicators.indicator_id
            inner join marts.dim_systems as systems
                on
                    indicators.study_id = systems.study_id
                    and indicators.system_id = systems.system_id
            where indicators.is_computed
        )

        select
            min(place) over (partition by raw_values) as figures,
            indicator_id,
            label,
            is_proxy,
            system
        from placed
        qualify count(*) over (partition by raw_values) > 1
        order by figures, place
        """,
        study_id=study_id,
    )


def coverage(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row, or none: how much of the study's catalogue the figures carry.

    Of the missing cells, `blank_year_cells` are of years without any figure and
    `meaningless_cells` are values without a meaning.
    """
    return fetch(
        con,
        """
        select
            coverage.*,
            (
                select count(*) from marts.fct_indicator_values as cells
                inner join marts.dim_studies as studies
                    on
                        cells.study_id = studies.study_id
                        and cells.method_id = studies.default_method_id
                where
                    cells.study_id = $study_id
                    and cells.status = 'no_figures_in_year'
            ) as blank_year_cells,
            (
                select count(*) from marts.fct_indicator_values as cells
                inner join marts.dim_studies as studies
                    on
                        cells.study_id = studies.study_id
                        and cells.method_id = studies.default_method_id
                where
                    cells.study_id = $study_id
                    and cells.status = 'base_not_positive'
            ) as meaningless_cells
        from quality.qc_study_coverage as coverage
        where coverage.study_id = $study_id
        """,
        study_id=study_id,
    )


def meaningless(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator with values that have no meaning: how many region-years."""
    return fetch(
        con,
        f"""
        select
            cells.indicator_id,
            {indicator_label("indicators")} as label,
            count(*) as cells
        from marts.fct_indicator_values as cells
        inner join marts.dim_studies as studies
            on
                cells.study_id = studies.study_id
                and cells.method_id = studies.default_method_id
        inner join marts.dim_indicators as indicators
            on
                cells.study_id = indicators.study_id
                and cells.indicator_id = indicators.indicator_id
        where cells.study_id = $study_id and cells.status = 'base_not_positive'
        group by all
        order by min(indicators.indicator_position), cells.indicator_id
        """,
        study_id=study_id,
    )


def imputed_cells(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator, origin other than observed, and set of years.

    `years` and `regions` are arrays: the regions share exactly these years. The origin
    of a value without a meaning is `base_not_positive`; years without any figure are
    left out.
    """
    return fetch(
        con,
        f"""
        with by_region as (
            select
                cells.indicator_id,
                case
                    when cells.status = 'base_not_positive' then cells.status
                    else cells.value_origin
                end as value_origin,
                cells.region_code,
                array_agg(cells.year order by cells.year) as years
            from marts.fct_indicator_values as cells
            inner join marts.dim_studies as studies
                on
                    cells.study_id = studies.study_id
                    and cells.method_id = studies.default_method_id
            where
                cells.study_id = $study_id
                and cells.value_origin <> 'observed'
                and coalesce(cells.status, '') <> 'no_figures_in_year'
            group by all
        )

        select
            by_region.indicator_id,
            {indicator_label("indicators")} as label,
            by_region.value_origin,
            by_region.years,
            array_agg({region_name("regions")} order by regions.region_code) as regions
        from by_region
        inner join marts.dim_indicators as indicators
            on
                indicators.study_id = $study_id
                and by_region.indicator_id = indicators.indicator_id
        inner join marts.dim_regions as regions
            on by_region.region_code = regions.region_code
        group by
            by_region.indicator_id,
            {column("indicators.label")},
            indicators.coverage_status,
            indicators.indicator_position,
            by_region.value_origin,
            by_region.years
        order by
            indicators.indicator_position,
            by_region.indicator_id,
            by_region.value_origin,
            by_region.years
        """,
        study_id=study_id,
    )


def degrees_by_method(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per method and region computed in the last year, the default first."""
    return fetch(
        con,
        f"""
        select
            coupling.method_id,
            {column("methods.label")} as method,
            coupling.is_default_method,
            coupling.region_code,
            coupling.coupling_coordination_degree
        from marts.fct_coupling as coupling
        inner join {DATED} as studies
            on
                coupling.study_id = studies.study_id
                and coupling.year = studies.result_year
        inner join marts.dim_methods as methods
            on coupling.method_id = methods.method_id
        where coupling.study_id = $study_id and coupling.status = 'computed'
        order by
            coupling.is_default_method desc,
            coupling.method_id,
            coupling.region_code
        """,
        study_id=study_id,
    )


def published_agreement(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year that the paper prints; none for a study without an audit."""
    return fetch(
        con,
        """
        select
            year,
            region_count,
            pearson_correlation,
            spearman_correlation,
            mean_absolute_difference,
            mean_difference,
            mean_coupling_degree_difference,
            equal_grade_share
        from marts.fct_replication
        where study_id = $study_id and is_default_method
        order by year
        """,
        study_id=study_id,
    )


def other_studies(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per other study of the same paper and year that both have.

    With how far the degrees agree under the default method, and what the other study
    covers.
    """
    return fetch(
        con,
        f"""
        select
            agreement.other_study_id as study_id,
            {column("others.label")} as label,
            others.first_year,
            others.last_year,
            coverage.measured,
            coverage.proxy,
            coverage.paper_indicators,
            agreement.year,
            agreement.region_count,
            agreement.pearson_correlation,
            agreement.spearman_correlation,
            agreement.mean_difference,
            agreement.equal_grade_share
        from marts.fct_study_agreement as agreement
        inner join marts.dim_studies as others
            on agreement.other_study_id = others.study_id
        inner join quality.qc_study_coverage as coverage
            on agreement.other_study_id = coverage.study_id
        where agreement.study_id = $study_id and agreement.is_default_method
        order by agreement.other_study_id, agreement.year
        """,
        study_id=study_id,
    )


def check_counts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per paper and check: claims by verdict."""
    return fetch(
        con,
        """
        select
            paper_id,
            check_name,
            count(*) as claim_count,
            count(*) filter (where verdict = 'agrees') as agrees,
            count(*) filter (where verdict = 'disagrees') as disagrees,
            count(*) filter (where verdict = 'cannot_be_recomputed') as cannot
        from marts.fct_published_checks
        group by paper_id, check_name
        order by paper_id, check_name
        """,
    )


def published_checks(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per claim, by paper, table, check and key.

    `gap` is |difference| by what is printed, unit 1; missing where no numbers differ or
    zero is printed.
    """
    return fetch(
        con,
        """
        select
            *,
            abs(difference) / nullif(abs(printed_value), 0) as gap
        from marts.fct_published_checks
        order by paper_id, table_name, check_name, check_id
        """,
    )


def replication(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study and year that a paper prints, under the default method."""
    return fetch(
        con,
        f"""
        select replication.*, {column("studies.label")} as label
        from marts.fct_replication as replication
        inner join marts.dim_studies as studies
            on replication.study_id = studies.study_id
        where replication.is_default_method
        order by replication.paper_id, replication.study_id, replication.year
        """,
    )


def replication_obstacles(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per study, printed year and region, under the default method."""
    return fetch(
        con,
        f"""
        select
            obstacles.*,
            studies.paper_id,
            {column("studies.label")} as study,
            {region_name("regions")} as region
        from marts.fct_replication_obstacles as obstacles
        inner join marts.dim_studies as studies
            on obstacles.study_id = studies.study_id
        left join marts.dim_regions as regions
            on obstacles.region_code = regions.region_code
        where obstacles.is_default_method
        order by obstacles.study_id, obstacles.printed_year, obstacles.region_code
        """,
    )


def indicator_sources(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per indicator and source of its figures: whose they are, and how good.

    The source is that of the observations; figures of a user's own have their own.
    """
    return fetch(
        con,
        f"""
        select distinct
            used.indicator_id,
            case
                when used.series_id = indicators.numerator_series_id then 1
                when used.series_id = indicators.denominator_series_id then 2
                else 3
            end as place,
            sources.title,
            sources.quality,
            sources.quality_note,
            sources.figure_origin,
            sources.source_id
        from ({USED}) as used
        inner join marts.dim_indicators as indicators
            on
                used.study_id = indicators.study_id
                and used.indicator_id = indicators.indicator_id
        inner join marts.dim_sources as sources
            on
                used.source_id = sources.source_id
                and used.series_id = sources.series_id
        where used.study_id = $study_id
        order by used.indicator_id, place, sources.figure_origin, sources.source_id
        """,
        study_id=study_id,
    )


def series_used(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per series behind the indicators in use and source of its figures.

    The source is that of the observations: figures of a user's own are cited as the
    user's, whatever series they belong to.
    """
    return fetch(
        con,
        f"""
        select distinct
            series.series_id,
            {column("series.label")} as label,
            series.unit,
            sources.publisher,
            {citation("sources", series="series")} as citation,
            sources.quality,
            sources.figure_origin,
            sources.title,
            sources.source_id
        from ({USED}) as used
        inner join marts.dim_series as series on used.series_id = series.series_id
        inner join marts.dim_sources as sources
            on
                used.source_id = sources.source_id
                and used.series_id = sources.series_id
        inner join marts.dim_indicators as indicators
            on
                used.study_id = indicators.study_id
                and used.indicator_id = indicators.indicator_id
        where used.study_id = $study_id and indicators.is_computed
        order by series.series_id, sources.figure_origin, sources.source_id
        """,
        study_id=study_id,
    )


def results(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per region and year: its name and D with its grade, NULL if none."""
    found = fetch(
        con,
        f"""
        select
            coupling.region_code,
            {region_name("regions")} as region,
            coupling.year,
            coupling.coupling_coordination_degree as degree,
            coupling.grade_level,
            {column("coupling.grade")} as grade,
            coupling.status
        from marts.fct_coupling as coupling
        inner join marts.dim_regions as regions
            on coupling.region_code = regions.region_code
        where coupling.study_id = $study_id and coupling.is_default_method
        order by coupling.region_code, coupling.year
        """,
        study_id=study_id,
    )
    return told_apart(found)


def tiles(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per place on the tile map of a study: names, column and row.

    The map is of the regions of the study, beside shipped ones if any of its own is
    shipped; none where no region of the study has a place.
    """
    label = "abbreviation" if spoken() == ENGLISH else region_name("regions")
    return fetch(
        con,
        f"""
        with placed as (
            select
                regions.*,
                regions.region_code in (
                    select region_code from marts.fct_coupling
                    where study_id = $study_id
                ) as is_own
            from marts.dim_regions as regions
            where tile_column is not null and tile_row is not null
        )

        select
            region_code,
            {region_name("regions")} as region,
            coalesce({label}, {region_name("regions")}) as abbreviation,
            tile_column,
            tile_row
        from placed as regions
        where
            is_own
            or (
                region_origin = 'shipped'
                and exists (
                    select 1 from placed where is_own and region_origin = 'shipped'
                )
            )
        order by region_code
        """,
        study_id=study_id,
    )


def groups(con: duckdb.DuckDBPyConnection, study_id: str) -> dict[str, str]:
    """Return {group: name} of the grouping that a study names, in order; or nothing."""
    rows = con.execute(
        f"""
        select distinct
            groups.group_id, {group_label("groups")} as name, groups.group_position
        from marts.dim_region_groups as groups
        inner join marts.dim_studies as studies
            on groups.grouping_id = studies.grouping_id
        where studies.study_id = $study_id
        order by groups.group_position, groups.group_id
        """,
        {"study_id": study_id},
    ).fetchall()
    return {group: name for group, name, _position in rows}


def group_means(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per group and year: mean D over its regions computed, and their number.

    Groups are those of the grouping that the study names, in its order; there are none
    of a study without one.
    """
    return fetch(
        con,
        f"""
        select
            groups.group_id as belt,
            {group_label("groups")} as name,
            coupling.year,
            {_mean("coupling.coupling_coordination_degree")} as degree,
            count(*) as region_count
        from marts.fct_coupling as coupling
        inner join marts.dim_studies as studies
            on coupling.study_id = studies.study_id
        inner join marts.dim_region_groups as groups
            on
                studies.grouping_id = groups.grouping_id
                and coupling.region_code = groups.region_code
        where
            coupling.study_id = $study_id
            and coupling.is_default_method
            and coupling.status = 'computed'
        group by
            groups.group_position, groups.group_id, {group_label("groups")},
            coupling.year
        order by groups.group_position, groups.group_id, coupling.year
        """,
        study_id=study_id,
    )


def regional_gap(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per year: highest and lowest D, range and coefficient of variation.

    The coefficient of variation is the sample standard deviation over the mean; it is
    missing where one region is computed or the mean is 0.
    """
    return fetch(
        con,
        f"""
        with means as (
            select
                year,
                count(*) as region_count,
                max(coupling_coordination_degree) as highest,
                min(coupling_coordination_degree) as lowest,
                {_mean("coupling_coordination_degree")} as mean
            from marts.fct_coupling
            where study_id = $study_id and is_default_method and status = 'computed'
            group by year
        ),

        squares as (
            select
                coupling.year,
                {
            _mean("power(coupling.coupling_coordination_degree - means.mean, 2)")
        } as variance
            from marts.fct_coupling as coupling
            inner join means on coupling.year = means.year
            where
                coupling.study_id = $study_id
                and coupling.is_default_method
                and coupling.status = 'computed'
            group by coupling.year
        )

        select
            means.year,
            means.region_count,
            means.highest,
            means.lowest,
            means.highest - means.lowest as degree_range,
            case
                when means.region_count > 1 and means.mean > 0
                    then
                        sqrt(
                            squares.variance
                            * means.region_count / (means.region_count - 1)
                        ) / means.mean
            end as coefficient_of_variation
        from means
        inner join squares on means.year = squares.year
        order by means.year
        """,
        study_id=study_id,
    )


def score_pairs(
    con: duckdb.DuckDBPyConnection, study_id: str, places: tuple[int, int] = (1, 2)
) -> pd.DataFrame:
    """One row per region computed in the last year: scores of two systems.

    `places` has the places of the two among the systems of the study.
    """
    found = fetch(
        con,
        f"""
        with places as (
            select
                scores.region_code,
                scores.score,
                row_number() over (
                    partition by scores.region_code order by systems.system_position
                ) as place
            from marts.fct_system_scores as scores
            inner join {DATED} as studies
                on
                    scores.study_id = studies.study_id
                    and scores.year = studies.result_year
            inner join marts.dim_systems as systems
                on
                    scores.study_id = systems.study_id
                    and scores.system_id = systems.system_id
            where
                scores.study_id = $study_id
                and scores.is_default_method
                and scores.status = 'computed'
        )

        select
            places.region_code,
            {region_name("regions")} as region,
            max(places.score) filter (where places.place = $first) as first_score,
            max(places.score) filter (where places.place = $second) as second_score
        from places
        inner join marts.dim_regions as regions
            on places.region_code = regions.region_code
        group by places.region_code, {region_name("regions")}
        having count(*) filter (where places.place in ($first, $second)) = 2
        order by places.region_code
        """,
        study_id=study_id,
        first=places[0],
        second=places[1],
    )
    return told_apart(found)


def surveys(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per household survey: its years, currency and counts of households."""
    return fetch(
        con,
        """
        with currencies as (
            select
                survey_id,
                string_agg(distinct currency, ', ' order by currency) as currency
            from staging.stg_households
            group by survey_id
        )

        select
            anomalies.survey_id,
            currencies.currency,
            min(anomalies.survey_year) as first_year,
            max(anomalies.survey_year) as last_year,
            bool_or(anomalies.is_simulated) as is_simulated,
            count(*) as household_count,
            count(*) filter (where anomalies.is_assessed) as assessed_count,
            count(*) filter (where anomalies.is_anomaly) as flagged_count,
            count(*) filter (where anomalies.is_overridden) as overridden_count
        from marts.fct_household_anomalies as anomalies
        left join currencies on anomalies.survey_id = currencies.survey_id
        group by anomalies.survey_id, currencies.currency
        order by anomalies.survey_id
        """,
    )


def not_assessed(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per reason why households were not assessed, the commonest first."""
    return fetch(
        con,
        """
        select not_assessed_reason as reason, count(*) as household_count
        from marts.fct_household_anomalies
        where survey_id = $survey_id and not is_assessed
        group by not_assessed_reason
        order by household_count desc, reason
        """,
        survey_id=survey_id,
    )


def detectors(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per detector, the default first: flags, overlap and quality."""
    return fetch(
        con,
        """
        select *
        from marts.fct_detector_comparison
        where survey_id = $survey_id
        order by is_default_detector desc, detector
        """,
        survey_id=survey_id,
    )


def score_ranges(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per detector: lowest, median and highest score, and its threshold."""
    return fetch(
        con,
        """
        select
            detector,
            min(score) as lowest,
            median(score) as median,
            max(score) as highest,
            max(threshold) as threshold
        from intermediate.int_household_detections
        where survey_id = $survey_id and score is not null
        group by detector
        order by detector
        """,
        survey_id=survey_id,
    )


def score_bins(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per detector and bin of its score that holds a household.

    A detector has 40 bins of the same width from its lowest score to its highest.
    """
    return fetch(
        con,
        """
        with detections as (
            select
                detector,
                score,
                min(score) over (partition by detector) as lowest,
                max(score) over (partition by detector) as highest
            from intermediate.int_household_detections
            where survey_id = $survey_id and score is not null
        ),

        placed as (
            select
                detector,
                lowest,
                case when highest > lowest then highest - lowest else 1.0 end
                / $bins as width,
                score
            from detections
        ),

        binned as (
            select
                detector,
                lowest,
                width,
                least(floor((score - lowest) / width), $bins - 1) as bin
            from placed
        )

        select
            detector,
            lowest + bin * width as bin_start,
            lowest + (bin + 1) * width as bin_end,
            count(*) as household_count
        from binned
        group by detector, lowest, width, bin
        order by detector, bin
        """,
        survey_id=survey_id,
        bins=SCORE_BINS,
    )


def component_points(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per household of the map, at most 1,500 flagged and 1,500 others.

    Which of them is settled by a hash of the household_id, so it stays the same.
    """
    return fetch(
        con,
        """
        with households as (
            select
                clusters.household_id,
                clusters.cluster,
                clusters.component_1,
                clusters.component_2,
                coalesce(anomalies.is_anomaly, false) as is_anomaly
            from marts.fct_household_clusters as clusters
            inner join marts.fct_household_anomalies as anomalies
                on
                    clusters.survey_id = anomalies.survey_id
                    and clusters.household_id = anomalies.household_id
            where clusters.survey_id = $survey_id
        )

        select cluster, component_1, component_2, is_anomaly
        from households
        qualify row_number() over (
            partition by is_anomaly order by md5(household_id), household_id
        ) <= $points
        order by is_anomaly, md5(household_id), household_id
        """,
        survey_id=survey_id,
        points=POINTS_DRAWN,
    )


def component_loadings(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per principal component and feature."""
    return fetch(
        con,
        """
        select component, feature, loading, explained_variance_ratio
        from marts.fct_household_component_loadings
        where survey_id = $survey_id
        order by component, feature
        """,
        survey_id=survey_id,
    )


def cluster_curves(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per number of clusters tried."""
    return fetch(
        con,
        """
        select *
        from marts.fct_household_cluster_curves
        where survey_id = $survey_id
        order by cluster_count
        """,
        survey_id=survey_id,
    )


def cluster_profiles(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per cluster, the largest first."""
    return fetch(
        con,
        """
        select *
        from marts.fct_household_cluster_profiles
        where survey_id = $survey_id
        order by cluster
        """,
        survey_id=survey_id,
    )


def classifier(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per metric of the forest and what it is about."""
    return fetch(
        con,
        """
        select metric, about, value, status
        from marts.fct_anomaly_classifier
        where survey_id = $survey_id
        order by metric, about
        """,
        survey_id=survey_id,
    )


def rules(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per outcome and rule, the five of highest lift of each outcome."""
    return fetch(
        con,
        """
        select outcome, rule_rank, sentence
        from marts.fct_anomaly_rules
        where survey_id = $survey_id and rule_rank <= $listed
        order by outcome, rule_rank
        """,
        survey_id=survey_id,
        listed=RULES_LISTED,
    )


def consumption_model(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per held-out part and scale."""
    return fetch(
        con,
        """
        select *
        from marts.fct_consumption_model
        where survey_id = $survey_id
        order by held_out, scale
        """,
        survey_id=survey_id,
    )


def most_anomalous(con: duckdb.DuckDBPyConnection, survey_id: str) -> pd.DataFrame:
    """One row per household: the twenty of the highest deciding score.

    Flagged by the screen, also where a reviewer says otherwise, or by a reviewer;
    those that the screen did not flag have no score and come last.
    """
    return fetch(
        con,
        f"""
        select
            households.household_id,
            households.region_code,
            {region_name("regions")} as region,
            households.survey_year,
            households.deciding_detector,
            households.deciding_score,
            households.anomaly_reason,
            households.is_anomaly,
            households.is_overridden
        from marts.fct_household_anomalies as households
        left join marts.dim_regions as regions
            on households.region_code = regions.region_code
        where
            survey_id = $survey_id
            and (coalesce(is_anomaly, false) or deciding_score is not null)
        order by deciding_score desc nulls last, household_id
        limit $listed
        """,
        survey_id=survey_id,
        listed=HOUSEHOLDS_LISTED,
    )


def breaks(con: duckdb.DuckDBPyConnection, study_id: str) -> pd.DataFrame:
    """One row per break inside a study's years and series, with its indicators."""
    return fetch(
        con,
        f"""
        select
            breaks.year,
            breaks.reason,
            {column("series.label")} as series,
            array_agg(
                breaks.indicator_id order by indicators.indicator_position
            ) as indicators
        from marts.fct_study_breaks as breaks
        inner join marts.dim_series as series
            on breaks.series_id = series.series_id
        inner join marts.dim_indicators as indicators
            on
                breaks.study_id = indicators.study_id
                and breaks.indicator_id = indicators.indicator_id
        where breaks.study_id = $study_id
        group by breaks.year, breaks.reason, {column("series.label")}
        order by breaks.year, breaks.reason, {column("series.label")}
        """,
        study_id=study_id,
    )


def told_apart(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the code behind each name that several regions bear.

    Parameters
    ----------
    frame
        Rows of a study with `region_code` and `region`.

    """
    codes = frame.groupby("region")["region_code"].transform("nunique")
    if not len(frame) or codes.max() == 1:
        return frame
    with_code = [
        row.region + _(" ({added})").format(added=row.region_code)
        for row in frame.itertuples()
    ]
    return frame.assign(region=frame["region"].where(codes == 1, with_code))


def fetch(con: duckdb.DuckDBPyConnection, sql: str, **parameters) -> pd.DataFrame:
    """Return the rows of a query with named parameters."""
    return con.execute(sql, parameters).df()


def _mean(column: str) -> str:
    # added as decimals: a sum of floats depends on the order in which rows arrive
    return f"cast(sum(cast({column} as decimal(38, 24))) as double) / count({column})"


def indicator_label(indicators: str) -> str:
    """Return the SQL of an indicator's label; that of a proxy says so."""
    is_proxy = f"{indicators}.coverage_status = 'proxy'"
    label = column(f"{indicators}.label")
    mark = _(" (proxy)")
    return f"{label} || case when {is_proxy} then '{mark}' else '' end"


def group_label(groups: str) -> str:
    """Return the SQL of a group's name; one in English begins with a capital."""
    if spoken() != ENGLISH:
        return column(f"{groups}.group_label")
    label = f"{groups}.group_label"
    return f"concat(upper({label}[1]), {label}[2:])"
