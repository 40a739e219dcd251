"""The tables of parts that dbt_project.yml leaves out: they stand empty."""

import json
from pathlib import Path
from typing import Any

from coupling.base.connections import connect
from coupling.base.quoting import sql_name


def nodes(project: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the public models that a project, dbt's manifest.json as read, leaves out.

    Public are those of the schemas marts and quality.
    """
    return [
        node
        for of_one in project["disabled"].values()
        for node in of_one
        if node["resource_type"] == "model" and node["schema"] in ("marts", "quality")
    ]


def create_empty(database: Path, manifest: Path) -> None:
    """Give `database` the tables of the models left out, without rows.

    So that whoever reads them, pages too, finds their columns. Columns and types are
    those that the YAML files declare. `manifest` is dbt's manifest.json of the build.
    """
    left = nodes(json.loads(manifest.read_text(encoding="utf-8")))
    if not left:
        return
    with connect(str(database)) as connection:
        for node in left:
            columns = ", ".join(
                f"{sql_name(column['name'])} {column['data_type']}"
                for column in node["columns"].values()
            )
            path = sql_name(node["schema"], node["alias"])
            connection.execute(f"create table if not exists {path} ({columns})")
