"""A bundle from which anyone can work out a study again, with DuckDB and no script.

It holds the rows that the queries behind the degrees start from, these queries as the
build ran them, and the results to compare with.
"""

import csv
import hashlib
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import duckdb
import yaml

from coupling.base.connections import connect
from coupling.base.names import NotThereError
from coupling.base.quoting import sql_name
from coupling.base.texts import no_formula
from coupling.manuscripts.content import Manuscript
from coupling.manuscripts.document import add_file
from coupling.manuscripts.readme import readme
from coupling.outputs.revisions import inputs_of, relation_parts

TOLERANCE = 1e-9
SUMS = "SHA256SUMS"
SCRIPT = "recompute.sql"
USED = """
    select numerator_series_id as series_id
    from staging.stg_studies__indicators where study_id = $study and is_computed
    union
    select denominator_series_id
    from staging.stg_studies__indicators where study_id = $study and is_computed
"""
OWN, OF_METHOD = "study_id = $study", "method_id = $method"
# rows of the study among those that the queries start from; all rows of other tables
ROWS_OF = {
    "intermediate.int_observations": f"series_id in ({USED})",
    "staging.stg_workspace__figures": f"series_id in ({USED})",
    "staging.stg_reference__sources": f"series_id in ({USED})",
    "staging.stg_reference__series": f"series_id in ({USED})",
    "staging.stg_reference__grade_schemes": """
        grade_scheme_id in (
            select grade_scheme_id from staging.stg_studies__studies
            where study_id = $study
        )
    """,
    "staging.stg_studies__methods": OF_METHOD,
    "staging.stg_studies__studies": OWN,
    "staging.stg_studies__systems": OWN,
    "staging.stg_studies__indicators": OWN,
    "staging.stg_studies__study_regions": OWN,
    "staging.stg_studies__study_methods": f"{OWN} and {OF_METHOD}",
    "staging.stg_studies__goalposts": OWN,
    "staging.stg_studies__weight_sets": OWN,
    "staging.stg_studies__weight_combinations": OF_METHOD,
    "staging.stg_studies__contribution_sets": OWN,
    "staging.stg_studies__development_thresholds": """
        threshold_set_id in (
            select development_threshold_set from staging.stg_studies__studies
            where study_id = $study
        )
    """,
    "intermediate.int_judgements_weighed": OWN,
    "intermediate.int_components_weighed": f"{OWN} and {OF_METHOD}",
    "intermediate.int_games_balanced": f"{OWN} and {OF_METHOD}",
}
# the same rows with the columns of the warehouse's seeds
SEEDS = {
    "reference/regions.csv": """
        select columns(lambda c: not starts_with(c, 'older_') and c <> 'row_origin')
        from (
            select * exclude (level_of_figures) rename (
                capital_latitude_deg as capital_latitude,
                capital_longitude_deg as capital_longitude,
                region_note as note,
                region_note_zh as note_zh
            )
            from staging.stg_reference__regions
        )
    """,
    "reference/region_groups.csv": """
        select * exclude (row_origin) from staging.stg_reference__region_groups
    """,
    "reference/groupings.csv": """
        select * rename (group_position as position)
        from staging.stg_reference__groupings
    """,
    "reference/series.csv": f"""
        select * exclude (row_origin)
        from staging.stg_reference__series where series_id in ({USED})
    """,
    # the sources of a series for regions of the study's level, or one of a user's own;
    # cells/figures.csv has that of each figure
    "reference/sources.csv": f"""
        select * exclude (figure_origin, landing_position)
        replace (
            case
                when figure_origin = 'shipped' then source_id
                else concat(source_id, '__', series_id)
            end as source_id
        )
        rename (
            figure_count as figures,
            quality_note as note,
            quality_note_zh as note_zh,
            region_level as level
        )
        from marts.dim_sources
        where
            series_id in ({USED})
            and (
                region_level is null
                or region_level in (
                    select regions.level_of_figures
                    from staging.stg_reference__regions as regions
                    inner join staging.stg_studies__study_regions as members
                        on regions.region_code = members.region_code
                    where members.study_id = $study
                )
            )
        qualify figure_origin = 'shipped' or row_number() over (
            partition by series_id
            order by figure_origin, landing_position desc nulls last, source_id
        ) = 1
    """,
    "reference/grade_schemes.csv": f"""
        select * exclude (row_origin) rename (
            grade_level as level, lower_bound as lower, upper_bound as upper
        )
        from staging.stg_reference__grade_schemes
        where {ROWS_OF["staging.stg_reference__grade_schemes"]}
    """,
    "studies/methods.csv": f"""
        select * exclude (row_origin)
        replace (cast(is_on_request as int) as is_on_request)
        from staging.stg_studies__methods where {OF_METHOD}
    """,
    "studies/studies.csv": f"""
        select * exclude (row_origin) replace ($method as default_method_id)
        rename (paper_id as paper)
        from staging.stg_studies__studies where {OWN}
    """,
    "studies/systems.csv": f"""
        select * exclude (row_origin) rename (system_position as position)
        from staging.stg_studies__systems where {OWN}
    """,
    "studies/indicators.csv": f"""
        select * exclude (row_origin, is_computed) rename (
            indicator_position as position, numerator_series_id as numerator,
            denominator_series_id as denominator, coverage_status as status,
            coverage_note as note,
            coverage_note_zh as note_zh
        )
        from staging.stg_studies__indicators where {OWN}
    """,
    "studies/study_regions.csv": f"""
        select * exclude (row_origin) from staging.stg_studies__study_regions
        where {OWN}
    """,
    "studies/goalposts.csv": f"""
        select * exclude (row_origin) from staging.stg_studies__goalposts where {OWN}
    """,
    "studies/weight_sets.csv": f"""
        select * exclude (row_origin) from staging.stg_studies__weight_sets where {OWN}
    """,
    "studies/pairwise_judgements.csv": f"""
        select * exclude (row_origin, judgement, judgement_text),
            judgement_text as judgement
        from staging.stg_studies__pairwise_judgements where {OWN}
    """,
    "studies/weight_combinations.csv": f"""
        select * exclude (row_origin) rename (member_position as position)
        from staging.stg_studies__weight_combinations where {OF_METHOD}
    """,
    "studies/contribution_sets.csv": f"""
        select * exclude (row_origin) from staging.stg_studies__contribution_sets
        where {OWN}
    """,
    "studies/development_thresholds.csv": f"""
        select * exclude (row_origin) rename (
            type_position as position, lower_bound as lower, upper_bound as upper
        )
        from staging.stg_studies__development_thresholds
        where {ROWS_OF["staging.stg_studies__development_thresholds"]}
    """,
}
FIGURES = """
    select
        figures.* exclude (study_id), series.label as series, series.unit,
        sources.citation, further.citation as further_citation
    from marts.fct_indicator_figures as figures
    left join marts.dim_series as series using (series_id)
    left join marts.dim_sources as sources
        on
            figures.source_id = sources.source_id
            and figures.series_id = sources.series_id
    left join marts.dim_sources as further
        on
            figures.further_source_id = further.source_id
            and figures.series_id = further.series_id
    where study_id = $study
"""
RESULTS = (
    *("fct_coupling", "fct_system_scores", "fct_indicator_weights"),
    *("fct_indicator_values", "fct_obstacles", "fct_obstacle_rankings"),
)
COMPARISON = """
create table expected as
from read_csv(
    'results/fct_coupling.csv',
    -- where nothing is computed, no value tells the type of its column
    types = {{'region_code': 'VARCHAR', 'coupling_coordination_degree': 'DOUBLE'}}
);

select
    count(*) as degrees_compared,
    max(abs(
        found.coupling_coordination_degree - expected.coupling_coordination_degree
    )) as largest_difference,
    count(*) filter (
        where (found.coupling_coordination_degree is null)
            <> (expected.coupling_coordination_degree is null)
    ) as on_one_side_only
from {result} as found
full join expected using (study_id, method_id, region_code, year);
"""


def write_bundle(
    database: Path,
    manuscript: Manuscript,
    versions: dict[str, str],
    lock: Path,
) -> bytes:
    """Return the bundle as a ZIP archive; the same database gives the same bytes.

    Parameters
    ----------
    database
        The published database, in which a refresh has kept its queries.
    manuscript
        Of the study, for its method, its words and its citation.
    versions
        Of the software, by name.
    lock
        The file that pins all packages; left out if it is not there.

    Raises
    ------
    NotThereError
        The database keeps no queries, or they do not give its degrees.

    """
    names = {"study": manuscript.study_id, "method": manuscript.method_id}
    with connect(str(database), read_only=True) as con:
        files = _rows(con, names)
    files["methods.txt"] = manuscript.methods_text().encode()
    files["README.md"] = readme(manuscript).encode()
    files["CITATION.cff"] = _citation(manuscript, versions)
    lines = ["package,version", *(f"{name},{versions[name]}" for name in versions)]
    files["versions.csv"] = ("\n".join(lines) + "\n").encode()
    if lock.is_file():
        files[lock.name] = lock.read_bytes()
    check(files)
    sums = [
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)
    ]
    files[SUMS] = "".join(sums).encode()
    written = io.BytesIO()
    with ZipFile(written, "w") as archive:
        for name in sorted(files):
            add_file(archive, name, files[name])
    return written.getvalue()


def check(files: dict[str, bytes]) -> None:
    """Run the queries of a bundle; raise NotThereError if its degrees do not follow."""
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with connect() as con:
            con.execute("set file_search_path = $folder", {"folder": folder})
            [found] = con.execute(files[SCRIPT].decode()).fetchall()
            compared, largest, odd = found
    if not compared or odd or (largest or 0) > TOLERANCE:
        raise NotThereError(
            f"The queries that the published database keeps do not give its degrees "
            f"({compared} compared, largest difference {largest}, {odd} on one side "
            "only): run coupling refresh first."
        )


def _rows(con: duckdb.DuckDBPyConnection, names: dict) -> dict[str, bytes]:
    try:
        queries = dict(
            con.execute(
                "select relation, query from intermediate.int_coupling_queries"
                " order by place"
            ).fetchall()
        )
    except duckdb.CatalogException as error:
        raise NotThereError(
            "The published database keeps no queries: run coupling refresh first."
        ) from error
    inputs = inputs_of(queries)
    files = {SCRIPT: _script(con, queries, inputs).encode()}
    for table in inputs:
        files[f"inputs/{table}.csv"] = _csv(con, _input(table), names)
    for name, query in SEEDS.items():
        files[f"seeds/{name}"] = _csv(con, query, names)
    files["seeds/yearbook/figures.csv"] = _yearbook(con, names)
    files["cells/figures.csv"] = _csv(con, FIGURES, names)
    for table in RESULTS:
        query = f"from marts.{table} where {OWN} and {OF_METHOD}"
        if table == "fct_coupling":
            query = "select * replace (true as is_default_method) " + query
        files[f"results/{table}.csv"] = _csv(con, query, names)
    return files


def _input(table: str) -> str:
    columns = "*"
    if table == "staging.stg_studies__studies":
        columns = "* replace ($method as default_method_id)"
    where = f"where {ROWS_OF[table]}" if table in ROWS_OF else ""
    return f"select {columns} from {table} {where}"


def _csv(con: duckdb.DuckDBPyConnection, query: str, names: dict) -> bytes:
    wanted = {name: value for name, value in names.items() if f"${name}" in query}
    result = con.execute(f"from ({query}) order by all", wanted)
    return _written([column[0] for column in result.description], result.fetchall())


def _written(header: list[str], rows: list[tuple]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    # a float as Python has it gives the same float when read again
    writer.writerows([no_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _yearbook(con: duckdb.DuckDBPyConnection, names: dict) -> bytes:
    """The figures as a yearbook table has them: a column for each series."""
    rows = con.execute(
        f"""
        select region_code, year, series_id, value from intermediate.int_observations
        where series_id in ({USED})
        order by all
        """,
        {"study": names["study"]},
    ).fetchall()
    wide: dict[tuple, dict[str, float]] = {}
    for region, year, series, value in rows:
        wide.setdefault((region, year), {})[series] = value
    listed = sorted({series for _region, _year, series, _value in rows})
    cells = [(*key, *map(found.get, listed)) for key, found in wide.items()]
    return _written(["region_code", "year", *listed], cells)


def _script(con, queries: dict[str, str], inputs: list[str]) -> str:
    relations = [relation_parts(relation) for relation in queries]
    database = relations[0][0]
    schemas = {schema for _, schema, _ in relations} | {t.split(".")[0] for t in inputs}
    parts = [
        f'attach \':memory:\' as "{database}";\nuse "{database}";\n',
        *(f"create schema {sql_name(schema)};\n" for schema in sorted(schemas)),
    ]
    for table in inputs:
        columns = con.execute(f"describe {table}").fetchall()
        typed = ",\n    ".join(f"{sql_name(name)} {kind}" for name, kind, *_ in columns)
        parts.append(f"create table {table} (\n    {typed}\n);\n")
        parts.append(f"copy {table} from 'inputs/{table}.csv' (header, delim ',');\n\n")
    for relation, query in queries.items():
        parts.append(f"create table {relation} as\n{query.strip()};\n\n")
    return "".join(parts) + COMPARISON.format(result=list(queries)[-1]).lstrip()


def _citation(manuscript: Manuscript, versions: dict[str, str]) -> bytes:
    stated = {
        "cff-version": "1.2.0",
        "message": " ".join(manuscript.citation),
        "title": f"Coupling Warehouse: {manuscript.study_id}, {manuscript.method_id}",
        "type": "software",
        "version": versions["project"],
        "license": "MIT",
        "authors": [{"name": "The Coupling Warehouse developers"}],
    }
    return yaml.safe_dump(stated, allow_unicode=True, sort_keys=False).encode()
