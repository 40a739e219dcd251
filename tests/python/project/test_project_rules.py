"""House rules: models described, keyed and tested, public columns explained."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from graphlib import TopologicalSorter

import pytest

from coupling.base.paths import Paths
from coupling.contracts.declared import read_yaml, sources

PROJECT = Paths().project


def described(folder: str, kind: str) -> dict[str, dict]:
    """All entries of a kind in the YAML files under a folder, by name."""
    return {
        entry["name"]: entry
        for path in (PROJECT / folder).rglob("*.yml")
        for entry in read_yaml(path).get(kind, [])
    }


MODELS = described("models", "models")
SEEDS = described("seeds", "seeds")
FILES = sorted(
    path for path in (PROJECT / "models").rglob("*") if path.suffix in (".sql", ".py")
)
# written by a refresh after dbt
WRITTEN = sources(PROJECT)
PUBLIC = {
    f"{name}.{column['name']}": column
    for name, table in (MODELS | WRITTEN).items()
    if name.startswith(("bi_", "dim_", "fct_", "qc_"))
    for column in table["columns"]
}


def test_every_model_file_is_described_and_every_description_has_a_file():
    assert {path.stem for path in FILES} == set(MODELS)


VIEWS = {
    path.stem for path in FILES if "materialized='view'" in path.read_text("utf-8")
}


def has_grain_and_key(model: dict) -> bool:
    key = [c for c in model.get("constraints", []) if c["type"] == "primary_key"]
    tested = [t for t in model.get("data_tests", []) if "unique_combination" in t]
    # one that is worked out on reading has the keys of the tables that it reads
    has_key = key or tested or model["name"] in VIEWS
    return "One row per" in model["description"] and bool(has_key)


def test_models_state_their_grain_and_their_key():
    assert len(VIEWS) > 10
    assert [name for name, model in MODELS.items() if not has_grain_and_key(model)] == (
        []
    )


def test_models_are_one_step_short_enough_to_read():
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path.name: count for path, count in lines.items() if count > 150} == {}


def test_tables_that_a_refresh_writes_state_their_grain_and_their_key():
    assert len(WRITTEN) == 6
    for name, table in WRITTEN.items():
        assert "One row per" in table["description"], name
        assert table["config"]["meta"]["primary_key"], name


def is_explained(column: dict) -> bool:
    """Say whether a column has a meaning and, if it is a number, a unit or range."""
    description = column["description"]
    is_number = column["data_type"] == "double"
    told = "Unit:" in description or "Range:" in description
    return len(description) >= 8 and (told or not is_number)


def test_public_columns_have_meaning_unit_and_range():
    assert len(PUBLIC) > 700
    bad = [name for name, column in PUBLIC.items() if not is_explained(column)]
    assert bad == []
    assert not is_explained({"description": "The degree.", "data_type": "double"})
    assert not is_explained({"description": "", "data_type": "varchar"})


def is_typed_and_keyed(seed: dict) -> bool:
    tests = [
        *seed["data_tests"],
        *(t for c in seed["columns"] for t in c.get("data_tests", [])),
    ]
    return (
        list(seed["config"]["column_types"]) == [c["name"] for c in seed["columns"]]
        and all(column["description"] for column in seed["columns"])
        and any(test == "unique" or "unique_combination" in test for test in tests)
    )


def test_seeds_have_types_descriptions_and_a_key():
    assert len(SEEDS) > 50
    assert [name for name, seed in SEEDS.items() if not is_typed_and_keyed(seed)] == []


CODE = PROJECT / "scripts" / "coupling"
LARGEST_ROOM = 12


def room_of(module: str) -> str:
    """The room of a module of the package; the top of the house for what is in none."""
    room = module.split(".")[1]
    return room if (CODE / room).is_dir() else "top"


def arrows() -> dict[str, set[str]]:
    """The rooms that each room imports from, also within functions."""
    found: dict[str, set[str]] = {}
    for path in CODE.rglob("*.py"):
        own = path.parent.name if path.parent != CODE else "top"
        there = found.setdefault(own, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            if node.module.split(".")[0] == "coupling":
                modules = [f"{node.module}.{alias.name}" for alias in node.names]
                there |= {room_of(module) for module in modules}
    return {room: there - {room} for room, there in found.items()}


def test_arrows_between_rooms_run_one_way():
    rooms = arrows()
    assert len(rooms) > 20
    assert not rooms["base"]
    order = list(TopologicalSorter(rooms).static_order())
    assert order.index("words") < order.index("pages") < order.index("refresh")


def test_no_room_is_crowded():
    rooms = Counter(
        path.parent.relative_to(PROJECT).as_posix()
        for folder in (CODE, PROJECT / "models/intermediate", PROJECT / "tests/python")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".sql") and path.name != "__init__.py"
    )
    assert len(rooms) > 40
    assert {room: n for room, n in rooms.items() if n > LARGEST_ROOM} == {}


def test_the_page_of_the_architecture_has_each_room():
    guide = PROJECT / "reports" / "guides" / "architecture.md"
    told = re.findall(r"^\| `(\w+)` \|", guide.read_text(encoding="utf-8"), re.M)
    assert sorted(told) == sorted(arrows().keys() - {"top"})


def test_every_room_says_what_it_is_for():
    for path in CODE.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def tracked_text():
    """Path and text of every file that git tracks and that is text."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in names:
        yield name, (PROJECT / name).read_text(encoding="utf-8", errors="replace")


def test_no_file_names_a_machine_path_or_a_registry_host():
    pattern = re.compile(r"/(?:home|root|work|Users)/\w+|https?://(?:\w+\.)*pypi\.")
    this_file = "tests/python/project/test_project_rules.py"
    bad = [name for name, text in tracked_text() if pattern.search(text)]
    assert [name for name in bad if name != this_file] == []


@pytest.mark.parametrize("name", ["breaks.toml", "breaks_of_code.toml"])
def test_each_break_has_a_text_to_break(name):
    text = (PROJECT / "tests" / name).read_text(encoding="utf-8")
    breaks = tomllib.loads(text)["break"]
    assert len(breaks) > 80
    sound = {one["name"]: (PROJECT / one["file"]).read_text("utf-8") for one in breaks}
    assert [b["name"] for b in breaks if b["find"] not in sound[b["name"]]] == []
    assert all(b["find"] != b["replace"] for b in breaks)
    assert len(sound) == len(breaks)


def test_the_repository_is_small():
    size = sum(len(text.encode()) for _, text in tracked_text())
    assert 100_000 < size < 8_000_000


def test_all_name_the_version_that_the_changelog_has_last():
    texts = {
        name: (PROJECT / name).read_text(encoding="utf-8")
        for name in ("CHANGELOG.md", "README.md", "dbt_project.yml", "pyproject.toml")
    }
    released = re.compile(r"^## (\d+\.\d+\.\d+), \d{4}-\d\d-\d\d$", re.MULTILINE)
    version = released.findall(texts["CHANGELOG.md"])[0]
    assert f'version {version}"' in texts["README.md"]
    assert f"\nversion: {version}\n" in texts["dbt_project.yml"]
    assert tomllib.loads(texts["pyproject.toml"])["project"]["version"] == version
