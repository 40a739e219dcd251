"""The warehouse built from the shipped seeds, once for all tests."""

import os
from pathlib import Path

import projects
import pytest


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Path:
    """A database built from the shipped seeds, the one of make test if there is one."""
    built = os.environ.get("COUPLING_TEST_DATABASE")
    if built:
        return Path(built)
    return projects.build(projects.copy_project(tmp_path_factory.mktemp("shipped")))
