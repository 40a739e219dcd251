"""Which build the pages belong to, in a script of its own beside them.

Pages are rendered before a run has ended and are taken over while nothing changes, so
they cannot say when they were built. `assets/build.js` can: it sets one constant, and
the pages fill their blanks from it. Where it says nothing, they keep the text that they
have.
"""

import json
from pathlib import Path

import duckdb

NAME = "assets/build.js"
RUNS = """
    select
        run_id,
        strftime(finished_at, '%Y-%m-%d %H:%M') as finished_at,
        project_version,
        python_version,
        dbt_version,
        duckdb_version,
        inputs_hash,
        inputs_changed,
        tests_passed,
        tests_failed,
        tables_changed,
        table_rows,
        coupling_rows_changed
    from marts.fct_runs
    order by run_id desc
    limit 1
"""
FOLDERS = """
    select
        case when contains(file, '/') then split_part(file, '/', 1) else '.' end
            as folder,
        count(*) filter (where change <> 'removed') as file_count,
        count(*) filter (where change <> 'same') as changed_count
    from marts.fct_run_inputs
    where run_id = $run_id
    group by folder
    order by folder
"""


def build_facts(database: Path) -> dict | None:
    """Return what a database tells of the run that made it, None if it tells nothing.

    The names are columns of `marts.fct_runs`; `finished_at` is UTC, to the minute.
    `input_count` counts input files, and `folders` has a list of folder, files and
    files changed for each folder of them; '.' stands for the project's own.
    """
    with duckdb.connect(database, read_only=True) as con:
        known = con.execute("""
            select 1 from duckdb_tables()
            where schema_name = 'marts' and table_name = 'fct_runs'
        """).fetchone()
        if not known:
            return None
        cursor = con.execute(RUNS)
        names = [field[0] for field in cursor.description]
        run = cursor.fetchone()
        if run is None:
            return None
        facts = dict(zip(names, run, strict=True))
        folders = con.execute(FOLDERS, {"run_id": facts["run_id"]}).fetchall()
    return facts | {
        "input_count": sum(files for _, files, _ in folders),
        "folders": [list(row) for row in folders],
    }


def build_script(database: Path) -> bytes:
    """Return the script that tells the pages which build they belong to."""
    facts = json.dumps(build_facts(database), indent=1)
    return f'"use strict";\nconst buildFacts = {facts};\n'.encode()


def write_build(database: Path, site: Path) -> Path:
    """Write the script of a finished build beside its pages; return its path."""
    path = site / NAME
    path.write_bytes(build_script(database))
    return path
