"""Put the history of runs into a database: four tables that Python makes after dbt.

They tell what happened, not what follows from the inputs, so dbt does not know them and
the exports, which are the same for the same inputs, leave them out.
"""

import json
from pathlib import Path

import duckdb

from coupling.base.inputs import changes
from coupling.base.quoting import sql_text
from coupling.publishing.runs import PUBLISHED, RESULTS, Run

# table: (what a row is, its key, {column: (type and constraints, what it means)})
RUN = ("varchar not null", "Run; key of fct_runs.")
TABLES = {
    "fct_runs": (
        "One row per run of coupling refresh, up to the one that made this database.",
        "run_id",
        {
            "run_id": (
                "varchar not null",
                "Number of the run, which makes the order, and when it started (UTC).",
            ),
            "started_at": ("timestamp not null", "Start, UTC by the machine's clock."),
            "finished_at": (
                "timestamp check (finished_at >= started_at)",
                "Start plus the seconds that the run took; for the run that made this "
                "database, up to its publication. NULL if it was killed.",
            ),
            "result": (
                f"varchar not null check (result in {RESULTS})",
                "published, rolled_back, failed, stopped (by a signal that it could "
                "answer), killed, or running.",
            ),
            "exit_code": (
                "int check (exit_code between 0 and 255)",
                "Exit code of the command; NULL if it was killed. Range: 0 to 255.",
            ),
            "failed_step": ("varchar", "Step at which it ended early, else NULL."),
            "message": ("varchar", "Why it ended early, or what was remarkable."),
            "previous_run_id": (
                "varchar",
                "Run whose build was published when this one started; NULL at first.",
            ),
            "served_run_id": (
                "varchar",
                "Run whose build was published when this one ended.",
            ),
            "inputs_hash": (
                "varchar check (length(inputs_hash) = 64)",
                "SHA-256 of all input files and versions; equal inputs give equal "
                "exports. NULL if the run ended before it was known.",
            ),
            "inputs_changed": (
                "int check (inputs_changed >= 0)",
                "Input files added, changed or removed since the run published before. "
                "Range: 0 up.",
            ),
            "tests_passed": (
                "int check (tests_passed >= 0)",
                "Data and unit tests of dbt that held. Range: 0 up.",
            ),
            "tests_failed": (
                "int check (tests_failed >= 0)",
                "Data and unit tests of dbt that did not hold. Range: 0 up.",
            ),
            "table_rows": (
                "bigint check (table_rows >= 0)",
                "Rows of all tables in marts and quality. Range: 0 up.",
            ),
            "tables_changed": (
                "int check (tables_changed >= 0)",
                "Tables with other rows than in the build published before. "
                "Range: 0 up.",
            ),
            "coupling_rows_changed": (
                "bigint check (coupling_rows_changed >= 0)",
                "Rows of fct_coupling that the build published before did not have. "
                "Range: 0 up.",
            ),
            "seconds": (
                "double check (seconds >= 0)",
                "Time that the steps took together. Unit: seconds.",
            ),
            "project_version": ("varchar", "Version of Coupling Warehouse."),
            "python_version": ("varchar", "Version of Python."),
            "dbt_version": ("varchar", "Version of dbt-core."),
            "duckdb_version": ("varchar", "Version of DuckDB."),
        },
    ),
    "fct_run_steps": (
        "One row per run and step that it finished.",
        "run_id, step",
        {
            "run_id": RUN,
            "step_position": (
                "int not null check (step_position >= 1)",
                "Place of the step in the run. Range: 1 up.",
            ),
            "step": ("varchar not null", "Step, as the refresh prints it."),
            "seconds": (
                "double not null check (seconds >= 0)",
                "Time that the step took. Unit: seconds.",
            ),
        },
    ),
    "fct_run_tables": (
        "One row per run and table of marts and quality that it built.",
        "run_id, table_schema, table_name",
        {
            "run_id": RUN,
            "table_schema": ("varchar not null", "marts or quality."),
            "table_name": ("varchar not null", "Table."),
            "row_count": (
                "bigint check (row_count >= 0)",
                "Rows; NULL if only the build published before had it. Range: 0 up.",
            ),
            "rows_added": (
                "bigint check (rows_added >= 0)",
                "Rows that the build published before did not have; a changed row is "
                "one added and one removed. NULL without such a build. Range: 0 up.",
            ),
            "rows_removed": (
                "bigint check (rows_removed >= 0)",
                "Rows that only the build published before had. Range: 0 up.",
            ),
        },
    ),
    "fct_run_inputs": (
        "One row per run and input file, of the latest hundred runs.",
        "run_id, file",
        {
            "run_id": RUN,
            "file": ("varchar not null", "Input file, as seen from the project."),
            "sha256": (
                "varchar check (length(sha256) = 64)",
                "SHA-256 of its content; NULL if it was removed.",
            ),
            "change": (
                "varchar not null "
                "check (change in ('same', 'added', 'changed', 'removed'))",
                "What became of it since the run published before.",
            ),
        },
    ),
}


def write_history(database: Path, runs: list[Run]) -> None:
    """Make the four tables in a new database and fill them with `runs`, in order."""
    rows = _rows(runs)
    with duckdb.connect(str(database)) as connection:
        for table, (grain, key, columns) in TABLES.items():
            types = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
            connection.execute(
                f"create table marts.{table} ({types}, primary key ({key}))"
            )
            connection.execute(f"comment on table marts.{table} is {sql_text(grain)}")
            for name, (_, meaning) in columns.items():
                connection.execute(
                    f"comment on column marts.{table}.{name} is {sql_text(meaning)}"
                )
            _insert(connection, table, columns, rows[table], database.parent)


def _insert(connection, table, columns, rows, folder: Path) -> None:
    """Insert through a file: a statement per row would take seconds."""
    if not rows:
        return
    path = folder / f".{table}.json"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    types = {name: kind.split()[0] for name, (kind, _) in columns.items()}
    connection.execute(
        f"""
        insert into marts.{table} select {", ".join(columns)}
        from read_json($path, format = 'newline_delimited', columns = {types})
        """,
        {"path": str(path)},
    )
    path.unlink()


def _rows(runs: list[Run]) -> dict[str, list[dict]]:
    rows = {table: [] for table in TABLES}
    published: dict[str, Run] = {}
    for run in runs:
        rows["fct_runs"].append(_run_row(run))
        rows["fct_run_steps"] += [
            {"run_id": run.run_id, "step_position": i, "step": step, "seconds": seconds}
            for i, (step, seconds) in enumerate(run.seconds.items(), 1)
        ]
        rows["fct_run_tables"] += [{"run_id": run.run_id} | t for t in run.tables]
        before = published.get(run.previous_run_id)
        known = before.inputs if before and before.inputs else None
        if run.inputs:
            rows["fct_run_inputs"] += [
                {
                    "run_id": run.run_id,
                    "file": name,
                    "sha256": run.inputs.get(name),
                    "change": change,
                }
                for name, change in changes(known, run.inputs).items()
            ]
        if run.result == PUBLISHED:
            published[run.run_id] = run
    return rows


def _run_row(run: Run) -> dict:
    row = {
        name: getattr(run, name)
        for name in TABLES["fct_runs"][2]
        if hasattr(run, name) and name != "seconds"
    }
    changed = [t for t in run.tables if t["rows_added"] or t["rows_removed"]]
    compared = any(t["rows_added"] is not None for t in run.tables)
    coupling = [
        t["rows_added"] for t in run.tables if t["table_name"] == "fct_coupling"
    ]
    built = bool(run.tables)
    return row | {
        "table_rows": sum(t["row_count"] or 0 for t in run.tables) if built else None,
        "tables_changed": len(changed) if compared else None,
        "coupling_rows_changed": coupling[0] if coupling else None,
        "seconds": sum(run.seconds.values()),
        "project_version": run.versions.get("project"),
        "python_version": run.versions.get("python"),
        "dbt_version": run.versions.get("dbt-core"),
        "duckdb_version": run.versions.get("duckdb"),
    }
