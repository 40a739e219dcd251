"""Put the history of runs into a database: four tables that Python fills after dbt.

They tell what happened, not what follows from the inputs, so dbt knows them as sources
and the exports, which are the same for the same inputs, leave them out.
"""

import json
from pathlib import Path

from coupling.base.connections import connect
from coupling.base.inputs import changes
from coupling.contracts.declared import create_declared
from coupling.publishing.runs import PUBLISHED, Run

# columns of fct_runs that a record of a run has itself
AS_RECORDED = (
    *("run_id", "started_at", "finished_at", "result", "exit_code", "failed_step"),
    *("message", "previous_run_id", "served_run_id", "inputs_hash", "inputs_changed"),
    *("tests_passed", "tests_failed"),
)
TABLES = ("fct_runs", "fct_run_steps", "fct_run_tables", "fct_run_inputs")


def write_history(database: Path, runs: list[Run], project: Path) -> None:
    """Make the four tables in a new database and fill them with `runs`, in order.

    They are as the YAML of `project` declares them.
    """
    rows = _rows(runs)
    with connect(str(database)) as connection:
        for table in TABLES:
            types = create_declared(connection, table, project)
            _insert(connection, table, types, rows[table], database.parent)


def _insert(connection, table, types, rows, folder: Path) -> None:
    """Insert through a file: a statement per row would take seconds."""
    if not rows:
        return
    path = folder / f".{table}.json"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    connection.execute(
        f"""
        insert into marts.{table} select {", ".join(types)}
        from read_json($path, format = 'newline_delimited', columns = {types})
        """,
        {"path": str(path)},
    )
    path.unlink()


def _rows(runs: list[Run]) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {table: [] for table in TABLES}
    published: dict[str, Run] = {}
    for run in runs:
        rows["fct_runs"].append(_run_row(run))
        rows["fct_run_steps"] += [
            {"run_id": run.run_id, "step_position": i, "step": step, "seconds": seconds}
            for i, (step, seconds) in enumerate(run.seconds.items(), 1)
        ]
        rows["fct_run_tables"] += [{"run_id": run.run_id} | t for t in run.tables]
        before = published.get(run.previous_run_id or "")
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
    row = {name: getattr(run, name) for name in AS_RECORDED}
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
