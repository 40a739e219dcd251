"""Copies of the project with other seeds, built for a test."""

import csv
import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb
import yaml

from coupling.base.paths import Paths
from coupling.base.quoting import sql_text
from coupling.contracts.declared import read_yaml
from coupling.engine import engine
from coupling.engine.statements import Statements
from coupling.refresh import data_tests, dbt

# models of what no row of a made-up study reaches: surveys, the papers' printed tables,
# loss rates
OF_NO_STUDY = ("households", "published", "underwriting")
# they test the code, which a copy does not change
UNIT_TESTS = "resource_type:unit_test"
PARTS = ("models", "macros", "seeds", "tests", "dbt_project.yml", "profiles.yml")
# where make test builds its database, and what dbt then keeps
DATABASE = Path("target", "test", "coupling.duckdb")
PARSED = DATABASE.with_name("partial_parse.msgpack")


@dataclass(frozen=True)
class TargetAside(Paths):
    """The project, with what dbt and the build write elsewhere."""

    aside: Path = Path()

    @property
    def target(self) -> Path:
        """A folder that no other test writes to."""
        return self.aside / "target"


# regions x years of the shipped studies
REGION_YEARS = {
    "ecommerce_manufacturing_east": 80,
    "digital_economy_nqp": 240,
    "digital_economy_nqp_2012_2019": 240,
    "service_manufacturing": 145,
    "industrial_transfer": 248,
    "industrial_transfer_2011_2019": 279,
    "industrial_transfer_anhui": 80,
    "finance_economy_cities": 1032,
    "digital_green_cities": 728,
    "digital_green_cities_recent": 579,
}
# those of hundreds of cities
MANY_CITIES = (
    "finance_economy_cities",
    "digital_green_cities",
    "digital_green_cities_recent",
)
CITY_STUDIES = ("industrial_transfer_anhui", *MANY_CITIES)
# methods that a study is computed under: all, or those that study_methods.csv names
METHOD_COUNTS = {
    study: 3 if study in MANY_CITIES or study.endswith("_2019") else 9
    for study in REGION_YEARS
}
SMALL_STUDIES = ("ecommerce_manufacturing_east", "service_manufacturing")
SMALL_METHODS = ("entropy_topsis", "entropy_linear")
# of each study, each of which has a page in both languages
SMALL_REGIONS = 4
# Hohhot, of which figures were doubted; Hefei, Wuhu and Shenzhen
FEW_CITIES = ("150100", "340100", "340200", "440300")
# of the studies above, and one of cities
SMALL_CHAPTERS = (
    *("national_accounts", "population_and_income", "employment", "cities_economy"),
    *("energy_and_environment", "industrial_innovation", "internet_and_ecommerce"),
)
# parts that no other part is made of, by their variables in dbt_project.yml
PARTS_ASIDE = ("households", "papers", "forecasts")
FOLDERS_ASIDE = ("households", "published", "forecasts", "underwriting")


def copy_project(folder: Path) -> Paths:
    """Copy what dbt needs into `folder`, and what it keeps of parsing it, if anything.

    dbt parses again what differs from that, and all where its database is elsewhere.
    """
    source = Paths().project
    for part in PARTS:
        if (source / part).is_dir():
            skip = shutil.ignore_patterns("python", "__pycache__")
            shutil.copytree(source / part, folder / part, ignore=skip)
        else:
            shutil.copy2(source / part, folder / part)
    paths = Paths(folder)
    if (source / PARSED).exists():
        paths.target.mkdir()
        shutil.copy2(source / PARSED, paths.target)
    return paths


def read_rows(path: Path) -> list[dict]:
    """The rows of a seed as text."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict]) -> None:
    """Replace the rows of a seed; columns that a row leaves out are blank."""
    with path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def append_rows(path: Path, rows: list[dict]) -> None:
    """Add rows to a seed; columns that a row leaves out are blank."""
    write_rows(path, read_rows(path) + rows)


def keep_few_cities(paths: Paths) -> None:
    """Leave the figures of a few cities in the chapters, and no study of cities.

    Most of what ships is figures of cities; what is not about them is faster without.
    """
    held: dict[str, Counter] = {}
    for path in sorted((paths.seeds / "yearbook").glob("cities_*.csv")):
        rows = [row for row in read_rows(path) if row["region_code"] in FEW_CITIES]
        write_rows(path, rows)
        for row in rows:
            for name in row.keys() - {"region_code", "year"}:
                if row[name]:
                    held.setdefault(name, Counter())[int(row["year"])] += 1
    reference = paths.seeds / "reference"
    sources = [
        row if row["level"] != "city" else _with_figures_of(row, held)
        for row in read_rows(reference / "sources.csv")
    ]
    write_rows(reference / "sources.csv", [row for row in sources if row])
    adjudications = read_rows(reference / "adjudications.csv")
    write_rows(
        reference / "adjudications.csv",
        [row for row in adjudications if row["region_code"] in FEW_CITIES],
    )
    drop_studies(paths, CITY_STUDIES)


def _with_figures_of(source: dict, held: dict[str, Counter]) -> dict | None:
    """A source with what is left of its figures, None where none is."""
    first, last = int(source["first_year"]), int(source["last_year"])
    years = held.get(source["series_id"], Counter())
    left = {year: years[year] for year in sorted(years) if first <= year <= last}
    if not left:
        return None
    return source | {
        "first_year": min(left),
        "last_year": max(left),
        "figures": sum(left.values()),
    }


def keep_chapters(paths: Paths, names: tuple[str, ...]) -> None:
    """Leave these chapters of the yearbook, and what is about their series."""
    gone = {path.stem for path in (paths.seeds / "yearbook").glob("*.csv")}.difference(
        names
    )
    union = paths.project / "models/intermediate/indicators/int_observations.sql"
    text = union.read_text(encoding="utf-8")
    for name in gone:
        for ending in ("csv", "yml"):
            (paths.seeds / "yearbook" / f"{name}.{ending}").unlink()
        model = f"stg_yearbook__{name}"
        staged = paths.project / "models" / "staging" / "yearbook" / f"{model}.sql"
        staged.unlink()
        part = f"\n    union all\n    select * from {{{{ ref('{model}') }}}}"
        assert part in text
        text = text.replace(part, "")
    union.write_text(text, encoding="utf-8")
    reference = paths.seeds / "reference"
    levels: dict[str, set[str]] = {}
    kept = []
    for row in read_rows(reference / "series.csv"):
        for column in ("chapter", "city_chapter"):
            row[column] = "" if row[column] in gone else row[column]
        left = {row["chapter"], row["city_chapter"]} - {""}
        found = {"city" if "cities" in chapter else "province" for chapter in left}
        # of no level in particular, where a table does not tell
        levels[row["series_id"]] = {*found, ""} if found else set()
        kept += [row] if left else []
    write_rows(reference / "series.csv", kept)
    for name in ("adjudications", "series_breaks", "series_names", "sources"):
        rows = read_rows(reference / f"{name}.csv")
        of_cities = {"level": "city"} if name == "adjudications" else {}
        write_rows(
            reference / f"{name}.csv",
            [
                row
                for row in rows
                if (of_cities | row).get("level", "") in levels[row["series_id"]]
            ],
        )
    without = {series for series, found in levels.items() if not found}
    rules = read_rows(reference / "expectations.csv")
    write_rows(
        reference / "expectations.csv",
        [
            rule
            for rule in rules
            if not without.intersection(
                re.findall(r"\w+", f"{rule['subject']} {rule['compared_with']}")
            )
        ],
    )


def drop_studies(paths: Paths, studies: tuple[str, ...]) -> None:
    """Take studies out of the seeds."""
    for path in (paths.seeds / "studies").glob("*.csv"):
        rows = read_rows(path)
        if rows and "study_id" in rows[0]:
            write_rows(path, [row for row in rows if row["study_id"] not in studies])


def keep_small_studies(paths: Paths) -> None:
    """Leave two studies, of few rows."""
    drop_studies(paths, tuple(set(REGION_YEARS) - {*SMALL_STUDIES}))


def build(paths: Paths, *select: str, exclude: str = "") -> Path:
    """Build a project, or part of it; fail with what dbt said if it does not build."""
    database = paths.project / DATABASE
    exclude = f"{exclude} {UNIT_TESTS}".strip()
    result = dbt.build(database, paths, select=select, exclude=exclude)
    assert result.succeeded, "\n".join(result.failures)
    return database


def compute(
    paths: Paths, *names: str, without: tuple[str, ...] = ("households",)
) -> Path:
    """Make tables of a project, and all that they need, by the statements alone.

    As dbt makes them, in a third of the time; by default all marts and tables of
    quality but for what needs models in the folders `without`. dbt itself is tested
    elsewhere.
    """
    database = paths.project / DATABASE
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    statements = Statements(paths.project, database.stem)
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(database)}; use {database.stem}")
        schemas = set()
        for step in statements.steps(names or _all_but(without, paths, statements)):
            if step.schema not in schemas:
                connection.execute(f"create schema {step.schema}")
                schemas.add(step.schema)
            if step.is_seed:
                engine.load_seed(connection, step)
            else:
                engine.build_model(connection, statements, step)
                _keep_statement(paths, step)
    return database


def broken_tests(database: Path, manifest: Path) -> list[str]:
    """Say which data tests of tables that a database has do not hold in it.

    `manifest` is what dbt wrote of a build of the project.
    """
    project = json.loads(manifest.read_text(encoding="utf-8"))
    with duckdb.connect(str(database), read_only=True) as connection:
        made = {
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables()"
            ).fetchall()
        }
    project["nodes"] = {
        name: node
        for name, node in project["nodes"].items()
        if node["resource_type"] != "test"
        or made.issuperset(one.split(".")[2] for one in node["depends_on"]["nodes"])
    }
    left = database.with_name("tests_of_what_is_made.json")
    left.write_text(json.dumps(project), encoding="utf-8")
    asked = data_tests.run(database, left)
    assert len(asked) > 20, len(asked)
    return [f"{test.name}: {test.message}" for test in asked if not test.is_good]


def _keep_statement(paths: Paths, step) -> None:
    """Write the statement of a model where dbt keeps what it compiled."""
    name = step.path.relative_to(paths.project)
    path = paths.target / "compiled" / "coupling_warehouse" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.statement or "", encoding="utf-8")


def _all_but(folders: tuple[str, ...], paths: Paths, statements: Statements) -> list:
    """Names of the marts and tables of quality that need no model in these folders."""
    found = []
    for schema in ("marts", "quality"):
        for path in sorted((paths.project / "models" / schema).rglob("*.sql")):
            needed = statements.steps([path.stem])
            if not any(set(step.path.parts).intersection(folders) for step in needed):
                found.append(path.stem)
    return found


def table(database: Path, query: str):
    """The result of a query as a DataFrame."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).df()


def small_project(
    folder: Path,
    studies: tuple[str, ...] = SMALL_STUDIES,
    methods: tuple[str, ...] | None = SMALL_METHODS,
) -> Paths:
    """A copy that a refresh builds in seconds: few studies and methods (None: all).

    There are few regions, and no surveys, forecasts or checks of papers. Data tests are
    left out but for the singular ones that hold for any study.
    """
    paths = copy_project(folder)
    keep_few_cities(paths)
    keep_chapters(paths, SMALL_CHAPTERS)
    leave_out(paths, PARTS_ASIDE)
    (folder / "tests" / "singular" / "shipped_studies_are_computed.sql").unlink()
    for path in (folder / "models").rglob("*.yml"):
        keep_contracts_alone(path)
    for path in (paths.seeds / "studies").glob("*.csv"):
        rows = read_rows(path)
        columns = rows[0] if rows else ()
        if "study_id" in columns:
            rows = [row for row in rows if row["study_id"] in studies]
        elif "method_id" in columns and methods is not None:
            rows = [row for row in rows if row["method_id"] in methods]
        write_rows(path, rows)
    keep_few_regions(paths)
    return paths


def keep_few_regions(paths: Paths) -> None:
    """Leave the first regions of each study."""
    path = paths.seeds / "studies" / "study_regions.csv"
    rows = read_rows(path)
    groups = (list(of_one) for _, of_one in groupby(rows, itemgetter("study_id")))
    write_rows(path, [row for rows in groups for row in rows[:SMALL_REGIONS]])


def leave_out(paths: Paths, parts: tuple[str, ...]) -> None:
    """Let a project do without some parts, as dbt_project.yml allows."""
    path = paths.project / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    for part in parts:
        stated = f"var('with_{part}', true)"
        assert stated in text
        text = text.replace(stated, stated.replace("true", "false"))
    path.write_text(text, encoding="utf-8")


def keep_contracts_alone(path: Path) -> None:
    """Drop data tests, unit tests and models that are gone from a YAML file."""
    contents = read_yaml(path)
    contents.pop("unit_tests", None)
    sources = {file.stem for file in path.parent.rglob("*") if file.suffix != ".yml"}
    contents["models"] = [
        {key: value for key, value in model.items() if key != "data_tests"}
        | {
            "columns": [
                {key: value for key, value in column.items() if key != "data_tests"}
                for column in model.get("columns", [])
            ]
        }
        for model in contents.get("models", [])
        if model["name"] in sources
    ]
    path.write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
