"""The lineage page: dbt's own documentation of all tables, as one file.

`dbt docs generate --static` makes the same page in three seconds, most of which it
takes to start. What it reads is there after a build: the manifest, and the database
for the types. Times, run ids and dbt's own macros are left out, so equal projects give
equal bytes, and a policy in the page keeps the browser off the network.
"""

import importlib.resources
import json
from pathlib import Path

import duckdb

from coupling import screen

POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; img-src data: blob:; font-src data:; connect-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'\">"
)
CHANGING = ("created_at", "build_path", "compiled_path")
# of models that a refresh may take over from the build before, and so not compile
COMPILED = ("compiled", "compiled_code", "extra_ctes", "extra_ctes_injected")
TAKEN_OVER = tuple(f"{folder}/" for folder in screen.FOLDERS.values())


def build_lineage(database: Path, manifest: Path, output: Path) -> Path:
    """Write `output`/index.html: every seed, model, test, exposure and metric.

    `manifest` is dbt's manifest.json of the build of `database`. Returns the page.

    Raises
    ------
    ValueError
        dbt's page lacks the places into which manifest and catalogue go.

    """
    shown = stable_manifest(json.loads(manifest.read_text(encoding="utf-8")))
    with duckdb.connect(str(database), read_only=True) as connection:
        types = catalogue(connection, shown["nodes"])
    page = (
        importlib.resources.files("dbt.task.docs")
        .joinpath("index.html")
        .read_text(encoding="utf-8")
    )
    for place, content in (
        ("<head>", f"<head>\n{POLICY}"),
        ('"MANIFEST.JSON INLINE DATA"', _script_json(shown)),
        ('"CATALOG.JSON INLINE DATA"', _script_json(types)),
    ):
        if place not in page:
            raise ValueError(f"dbt's documentation page has no {place}")
        page = page.replace(place, content, 1)
    output.mkdir(parents=True, exist_ok=True)
    path = output / "index.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def stable_manifest(manifest: dict) -> dict:
    """Return the part of a manifest that the project determines, in a fixed order."""
    project = manifest["metadata"]["project_name"]
    kept = {
        "project_name": project,
        "adapter_type": manifest["metadata"]["adapter_type"],
        "dbt_schema_version": manifest["metadata"]["dbt_schema_version"],
        "send_anonymous_usage_stats": False,
        "generated_at": "",
    }
    stable = {
        part: _stable(content, project) if part != "metadata" else kept
        for part, content in manifest.items()
    }
    own = stable["macros"]
    for node in stable["nodes"].values():
        macros = node.get("depends_on", {}).get("macros", [])
        if macros:
            node["depends_on"]["macros"] = sorted(m for m in macros if m in own)
        if node["original_file_path"].startswith(TAKEN_OVER):
            for part in COMPILED:
                node.pop(part, None)
    return stable


def catalogue(connection: duckdb.DuckDBPyConnection, nodes: dict) -> dict:
    """Return the columns and types of the tables in the form of dbt's catalog.json."""
    columns = {}
    for schema, table, name, index, kind in connection.execute("""
        select schema_name, table_name, column_name, column_index, data_type
        from duckdb_columns()
        where not internal
        order by schema_name, table_name, column_index
    """).fetchall():
        columns.setdefault((schema, table), {})[name] = {
            "name": name,
            "index": index,
            "type": kind,
            "comment": None,
        }
    tables = {
        unique_id: {
            "unique_id": unique_id,
            "metadata": {
                "type": "BASE TABLE",
                "schema": node["schema"],
                "name": node["alias"],
                "database": node["database"],
                "comment": None,
                "owner": None,
            },
            "columns": columns[node["schema"], node["alias"]],
            "stats": {},
        }
        for unique_id, node in nodes.items()
        if (node["schema"], node["alias"]) in columns
    }
    return {"metadata": {"generated_at": ""}, "nodes": tables, "sources": {}}


def _stable(content, project: str):
    if not isinstance(content, dict):
        return content
    return {
        name: {k: v for k, v in entry.items() if k not in CHANGING}
        if isinstance(entry, dict)
        else sorted(set(entry))
        if isinstance(entry, list)
        else entry
        for name, entry in sorted(content.items())
        if not name.startswith("macro.") or name.startswith(f"macro.{project}.")
    }


def _script_json(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    # a description may not end the script that holds it
    return text.replace("</", "<\\/")
