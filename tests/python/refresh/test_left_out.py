"""Parts that dbt_project.yml may leave out: nothing that stays is made of them."""

import json

import pytest
import yaml
from jinja2 import Environment

from coupling.base.paths import Paths

PARTS = ("households", "papers", "forecasts")
KINDS = {"model": "models", "seed": "seeds"}


@pytest.fixture(scope="module")
def nodes(manifest):
    """The models and seeds of the project, by their ids."""
    found = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    return {name: one for name, one in found.items() if one["resource_type"] in KINDS}


def left_out(nodes, part):
    """The ids of what is left out with a part."""
    text = (Paths().project / "dbt_project.yml").read_text(encoding="utf-8")
    settings = yaml.safe_load(text)
    said = Environment().from_string

    def is_on(node):
        place, enabled = settings[KINDS[node["resource_type"]]], ["True"]
        for name in node["fqn"]:
            place = place.get(name, {})
            enabled.append(place.get("+enabled", "True"))
        told = (
            said(text).render(var=lambda name, default: name != f"with_{part}")
            for text in enabled
        )
        return {one.strip() for one in told} == {"True"}

    return {name for name, node in nodes.items() if not is_on(node)}


@pytest.mark.parametrize("part", PARTS)
def test_nothing_that_stays_is_made_of_a_part_left_out(nodes, part):
    out = left_out(nodes, part)
    assert len(out) > 5
    made_of = {
        (name, before)
        for name in nodes.keys() - out
        for before in nodes[name]["depends_on"].get("nodes", [])
        if before in out
    }
    assert made_of == set()


def test_by_itself_nothing_is_left_out(nodes):
    assert left_out(nodes, "none") == set()
