"""House rules: models described, keyed and tested, public columns explained."""

import re
import subprocess

import pytest
import yaml

from coupling.paths import Paths

PROJECT = Paths().project


def described(folder: str, kind: str) -> dict[str, dict]:
    """All entries of a kind in the YAML files under a folder, by name."""
    return {
        entry["name"]: entry
        for path in (PROJECT / folder).rglob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get(kind, [])
    }


MODELS = described("models", "models")
SEEDS = described("seeds", "seeds")
FILES = sorted(
    path for path in (PROJECT / "models").rglob("*") if path.suffix in (".sql", ".py")
)
PUBLIC = [
    pytest.param(model, column, id=f"{model['name']}.{column['name']}")
    for model in MODELS.values()
    if model["name"].startswith(("bi_", "dim_", "fct_", "qc_"))
    for column in model["columns"]
]


def test_every_model_file_is_described_and_every_description_has_a_file():
    assert {path.stem for path in FILES} == set(MODELS)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_model_states_its_grain_and_its_key(model):
    assert "One row per" in model["description"]
    key = [c for c in model.get("constraints", []) if c["type"] == "primary_key"]
    tested = [t for t in model.get("data_tests", []) if "unique_combination" in t]
    assert key or tested


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_model_is_one_step_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize(("model", "column"), PUBLIC)
def test_public_column_has_meaning_unit_and_range(model, column):
    description = column["description"]
    assert len(description) >= 8
    if column["data_type"] == "double":
        assert "Unit:" in description or "Range:" in description


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_seed_has_types_descriptions_and_a_key(seed):
    types = seed["config"]["column_types"]
    assert list(types) == [column["name"] for column in seed["columns"]]
    assert all(column["description"] for column in seed["columns"])
    tests = [
        *seed["data_tests"],
        *(t for c in seed["columns"] for t in c.get("data_tests", [])),
    ]
    assert any(test == "unique" or "unique_combination" in test for test in tests)


def tracked_text():
    """Path and text of every file that git tracks and that is text."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in names:
        yield name, (PROJECT / name).read_text(encoding="utf-8", errors="replace")


def test_no_file_names_a_machine_path_or_a_registry_host():
    pattern = re.compile(r"/(?:home|root|work|Users)/\w+|https?://(?:\w+\.)*pypi\.")
    this_file = "tests/python/test_project_rules.py"
    bad = [name for name, text in tracked_text() if pattern.search(text)]
    assert [name for name in bad if name != this_file] == []


def test_the_repository_is_small():
    size = sum(len(text.encode()) for _, text in tracked_text())
    assert 100_000 < size < 8_000_000
