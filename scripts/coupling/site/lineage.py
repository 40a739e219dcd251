"""What is made from what: dbt's own documentation of all tables, and a page before it.

`dbt docs generate --static` makes the same documentation in three seconds, most of
which it takes to start. What it reads is there after a build: the manifest, and the
database for the types. Times, run ids and dbt's own macros are left out, so equal
projects give equal bytes, and a policy in the page keeps the browser off the network.

dbt's page speaks English only. `lineage_page` tells the same in the languages of the
site, table by table, and leads into it; a line on top of dbt's page leads back.
"""

import importlib.resources
import json
import os
import re
from collections import Counter, defaultdict
from pathlib import Path

import duckdb

from coupling.base import inputs
from coupling.base.connections import connect
from coupling.pages.pages import Page
from coupling.queries.ask import ask_rows
from coupling.words.language import CHINESE, ENGLISH, LANGUAGES, _

FOLDER = "lineage"
PAGE = "lineage.html"
MANIFEST = "manifest.js"
CATALOGUE = "catalog.js"
DECLARED = "const dbtManifest = "
LAYERS = ("seeds", "staging", "intermediate", "marts", "quality")
PUBLISHED = ("marts", "quality")
SENTENCE = re.compile(r".*?(?:\.(?= |$)|$)")
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; img-src data: blob:; font-src data:; connect-src data:; "
    "style-src 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'\">"
)
ICON = (
    """<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>"""
)
# over dbt's page, whose own parts are fixed to the edges of the window
BACK = "".join(
    f' <a style="color:#fff" lang="{code}" hreflang="{code}" href="../{folder}{PAGE}">'
    f"{LANGUAGES[code]}</a>"
    for code, folder in ((ENGLISH, ""), (CHINESE, f"{CHINESE}/"))
)
BAR = (
    '<p style="position:fixed;z-index:9;right:0;top:0;margin:0;padding:.2em .8em;'
    f'font-size:13px;background:#1f3a4d;color:#fff">Coupling Warehouse:{BACK}</p>'
)
CHANGING = ("created_at", "build_path", "compiled_path")
# of models that a refresh may take over from the build before, and so not compile
COMPILED = ("compiled", "compiled_code", "extra_ctes", "extra_ctes_injected")
TAKEN_OVER = tuple(f"{folder}/" for folder in inputs.SCREEN.values())


def build_lineage(database: Path, manifest: Path, output: Path) -> Path:
    """Write `output`/index.html: every seed, model, test, exposure and metric.

    `manifest` is dbt's manifest.json of the build of `database`. What the page shows
    stands in two scripts beside it. Returns the page.

    Raises
    ------
    ValueError
        dbt's page lacks the places into which manifest and catalogue go.

    """
    shown = stable_manifest(json.loads(manifest.read_text(encoding="utf-8")))
    for exposure in shown["exposures"].values():
        # of the project's folder, to be followed from the page
        exposure["url"] = os.path.relpath(exposure["url"], f"reports/site/{FOLDER}")
    with connect(str(database), read_only=True) as connection:
        types = catalogue(connection, shown["nodes"])
    page = (
        importlib.resources.files("dbt.task.docs")
        .joinpath("index.html")
        .read_text(encoding="utf-8")
    )
    scripts = "".join(
        f'<script src="{name}"></script>' for name in (MANIFEST, CATALOGUE)
    )
    for place, content in (
        ("<head>", f"<head>\n{POLICY}\n{scripts}"),
        ('"MANIFEST.JSON INLINE DATA"', "dbtManifest"),
        ('"CATALOG.JSON INLINE DATA"', "dbtCatalogue"),
        ("<body>", f"<body>{BAR}"),
        # addresses that a browser would look up before dbt's script fills them in
        ('<use xlink:href="{{', '<use ng-attr-xlink:href="{{'),
        (ICON, ""),
    ):
        if place not in page:
            raise ValueError(f"dbt's documentation page has no {place}")
        page = page.replace(place, content)
    output.mkdir(parents=True, exist_ok=True)
    for name, content in (
        (MANIFEST, f"{DECLARED}{_json(shown)};\n"),
        (CATALOGUE, f"const dbtCatalogue = {_json(types)};\n"),
        ("index.html", page),
    ):
        (output / name).write_text(content, encoding="utf-8", newline="\n")
    return output / "index.html"


def read_summary(folder: Path) -> dict | None:
    """Return `summary` of what `build_lineage` wrote into a folder, None without it."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return summary(json.loads(text.removeprefix(DECLARED).rstrip(";\n")))


def summary(manifest: dict) -> dict:
    """Return what the page tells of a manifest, in a fixed order.

    `layers` is {schema: number of tables}. `tables` has a dict for each table of the
    published schemas: `name`, `schema` and `address` in dbt's documentation, `meaning`
    (the first sentence of its description), `made_of` (the first three of each table
    that it reads), `seeds` (names of all that it rests on) and `shown_in` (labels of
    the pages and exports that read it). `steps` has the first three of the tables on
    the way from a figure to D.
    """
    nodes = {
        unique_id: node
        for unique_id, node in sorted(manifest["nodes"].items())
        if node["resource_type"] in ("model", "seed")
    }
    layers = Counter(node["schema"] for node in nodes.values())
    places = {
        node["name"]: _place(unique_id, node) for unique_id, node in nodes.items()
    }
    readers = defaultdict(list)
    for exposure in manifest["exposures"].values():
        for unique_id in exposure["depends_on"]["nodes"]:
            readers[unique_id].append(exposure["label"])
    return {
        "layers": {schema: layers[schema] for schema in LAYERS if layers[schema]},
        "steps": [places[name] for name in step_meanings() if name in places],
        "tables": [
            _place(unique_id, node)
            | {
                "meaning": first_sentence(node["description"]),
                "made_of": [_place(one, nodes[one]) for one in _parents(node, nodes)],
                "seeds": _seeds(unique_id, nodes),
                "shown_in": readers[unique_id],
            }
            for unique_id, node in nodes.items()
            if node["schema"] in PUBLISHED
        ],
    }


def first_sentence(description: str) -> str:
    """Return the first sentence of a description, on one line."""
    text = " ".join(description.split())
    found = SENTENCE.match(text)
    return found[0] if found else text


def lineage_page(summary: dict) -> Page:
    """Return the page that tells what is made from what, from its `summary`."""
    return Page(PAGE, "lineage.html.j2", {**summary, "meanings": step_meanings()})


def step_meanings() -> dict[str, str]:
    """Return {table: what it holds} of the tables on the way from a figure to D."""
    return {
        "int_observations": _("the figure in use, and where it comes from"),
        "int_indicators_derived": _(
            "the value of each indicator: the figure itself, or a ratio, growth rate, "
            "location quotient or capital stock"
        ),
        "int_indicators_imputed": _(
            "gaps filled: observed, interpolated, carried or missing"
        ),
        "int_indicators_normalised": _("scaled to 0 to 1, with the direction applied"),
        "int_indicator_weights": _(
            "weights: entropy, CRITIC, variation, equal or given"
        ),
        "fct_system_scores": _("the score of each system"),
        "fct_coupling": _(
            "coupling degree, comprehensive index, coupling coordination degree, grade "
            "and rank"
        ),
        "fct_obstacle_rankings": _("what holds each region back"),
    }


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
    # of what is left out there is no table to show
    shown = manifest | {"disabled": {}}
    stable = {
        part: _stable(content, project) if part != "metadata" else kept
        for part, content in shown.items()
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
    columns: dict[tuple[str, str], dict] = {}
    for row in ask_rows(connection, "lineage/columns"):
        schema, table, name, index, kind = row.values()
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


def _place(unique_id: str, node: dict) -> dict:
    address = f"{FOLDER}/index.html#!/{node['resource_type']}/{unique_id}"
    return {"name": node["name"], "schema": node["schema"], "address": address}


def _parents(node: dict, nodes: dict) -> list[str]:
    return sorted(p for p in node["depends_on"].get("nodes", []) if p in nodes)


def _seeds(unique_id: str, nodes: dict) -> list[str]:
    """Return the names of the seeds among all that a table rests on."""
    seen, waiting = set(), [unique_id]
    while waiting:
        new = [p for p in _parents(nodes[waiting.pop()], nodes) if p not in seen]
        seen.update(new)
        waiting += new
    return sorted(nodes[p]["name"] for p in seen if nodes[p]["schema"] == "seeds")


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
