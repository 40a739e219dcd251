"""The warehouse built from the shipped seeds, once for all tests."""

import os
import shutil
import tempfile
from pathlib import Path

import projects
import pytest

# what a user has in a workspace is not tested; tests that want one name their own
os.environ["COUPLING_WORKSPACE"] = tempfile.mkdtemp(prefix="coupling_workspace_")


def pytest_unconfigure():
    """Take the empty workspace away."""
    shutil.rmtree(os.environ["COUPLING_WORKSPACE"], ignore_errors=True)


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Path:
    """A database built from the shipped seeds, the one of make test if there is one."""
    built = os.environ.get("COUPLING_TEST_DATABASE")
    if built:
        return Path(built)
    return projects.build(projects.copy_project(tmp_path_factory.mktemp("shipped")))
