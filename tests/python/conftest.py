"""The warehouse built from the shipped seeds, and a made-up one, once for all tests."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import made_up_site
import projects
import pytest
import reference
from xdist.scheduler import LoadFileScheduling

from coupling.base.paths import Paths
from coupling.site import site

# what a user has in a workspace is not tested; tests that want one name their own
os.environ["COUPLING_WORKSPACE"] = tempfile.mkdtemp(prefix="coupling_workspace_")

# the longest; begun first, so that processes end together
LONGEST = (
    "test_refresh",
    "test_browser",
    "test_expectations",
    "test_workspace",
    "test_made_up_studies",
    "test_revisions",
    "test_gate",
)
# files that share a build or a site go to one process; each other file to one by itself
BESIDE = {
    "test_forecast_page": "test_browser",
    "test_reports_quality": "test_browser",
    "test_translations": "test_browser",
    "test_variants": "test_made_up_studies",
    "test_method_sets": "test_made_up_studies",
    "test_marts_agree_with_reference": "test_reference",
}


class ByBuild(LoadFileScheduling):
    """Give a process whole files, and those that share a build to the same one."""

    def _split_scope(self, nodeid: str) -> str:
        stem = Path(super()._split_scope(nodeid)).stem
        return BESIDE.get(stem, stem)


def pytest_xdist_make_scheduler(config, log):
    """Hand tests out to the processes of pytest-xdist."""
    return ByBuild(config, log)


# what make check leaves to make test: files that build, open a browser or take long
NOT_QUICK = {
    *(*LONGEST, *BESIDE, "test_reports", "test_aside", "test_study_engine"),
    *("test_study_command", "test_study_answer", "test_study_shipped"),
    *("test_study_interface", "test_study_cases", "test_study_time"),
    *("test_own_studies", "test_landing", "test_landing_found", "test_landing_time"),
    *("test_bi_tables", "test_generated_workspaces", "test_generic_tests"),
    *("test_reports_charts", "test_reports_own", "test_reports_compare"),
    *("test_reports_chains", "test_reports_papers", "test_reports_studies"),
    *("test_reports_households", "test_reports_regions"),
    *("test_screen", "test_publish", "test_limited", "test_damaged_files"),
    *("test_manuscripts", "test_household_explanation", "test_household_marts"),
    *("test_household_detectors", "test_household_simulation"),
}
# what is built for all tests
BUILT = {"warehouse", "shipped_site", "manifest"}


def pytest_addoption(parser):
    """Add --quick, by which make check asks for tests that take seconds together."""
    parser.addoption("--quick", action="store_true", help="tests that build nothing")


def pytest_ignore_collect(collection_path, config):
    """Do not even load what --quick leaves out."""
    if config.getoption("quick") and collection_path.stem in NOT_QUICK:
        return True
    return None


def pytest_collection_modifyitems(config, items):
    """Put the files that take longest first, the others after in their order."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
    if config.getoption("quick"):
        left = [item for item in items if BUILT & set(item.fixturenames)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish():
    """Search little for garbage: most of what is loaded stays to the end."""
    gc.freeze()
    gc.set_threshold(500_000, 20, 50)


def pytest_unconfigure():
    """Take the empty workspace away."""
    shutil.rmtree(os.environ["COUPLING_WORKSPACE"], ignore_errors=True)


connect = duckdb.connect


def connect_with_one_thread(*where, config=None, **how):
    """Connect to DuckDB; two processes of tests that share their work take longer."""
    return connect(*where, config={"threads": 1} | (config or {}), **how)


duckdb.connect = connect_with_one_thread


class KeptRenderers:
    """Renderers of other languages, started once for all sites of a process."""

    start = staticmethod(site.other_renderers)
    started = None

    def __enter__(self):
        """Start them if they are not there."""
        if self.started is None:
            KeptRenderers.started = self.start()
        return self.started

    def __exit__(self, *_):
        """Let them wait for the next site."""


# to load what pages need takes them longer than the pages of a made-up warehouse
site.other_renderers = KeptRenderers


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Path:
    """A database built from the shipped seeds, the one of make test if there is one."""
    built = os.environ.get("COUPLING_TEST_DATABASE")
    if built:
        return Path(built)
    return projects.build(projects.copy_project(tmp_path_factory.mktemp("shipped")))


@pytest.fixture(scope="session")
def shipped_site(warehouse, tmp_path_factory) -> Path:
    """The folder of the site of the shipped warehouse."""
    output = tmp_path_factory.mktemp("shipped_site")
    site.build_site(warehouse, output)
    return output


@pytest.fixture(scope="session")
def shipped_reference() -> dict:
    """The frames of the reference implementation, of the shipped seeds."""
    return reference.compute(Paths().seeds)


@pytest.fixture(scope="session")
def odd_project(tmp_path_factory) -> Paths:
    """A copy of the project with the made-up studies, of the variants too."""
    import test_made_up_studies as made_up
    import test_variants as variants

    paths = projects.copy_project(tmp_path_factory.mktemp("odd"))
    projects.keep_few_cities(paths)
    projects.keep_small_studies(paths)
    made_up.add_series(paths.seeds)
    made_up.add_studies(paths.seeds)
    variants.add_variants(paths.seeds)
    return paths


@pytest.fixture(scope="session")
def odd_database(odd_project, manifest) -> Path:
    """A warehouse with the made-up studies, data tests passed."""
    database = projects.compute(odd_project, without=projects.OF_NO_STUDY)
    assert projects.broken_tests(database, manifest) == []
    return database


@pytest.fixture(scope="session")
def manifest(warehouse) -> Path:
    """What dbt wrote of the build of the warehouse."""
    beside = warehouse.parent / "manifest.json"
    return beside if beside.exists() else warehouse.parents[1] / beside.name


@pytest.fixture(scope="session")
def made_up(tmp_path_factory) -> Path:
    """The made-up warehouse of the pages."""
    folder = tmp_path_factory.mktemp("made_up")
    return made_up_site.write_warehouse(folder / "db", made_up_site.WAREHOUSE)


@pytest.fixture(scope="session")
def built(made_up, tmp_path_factory) -> Path:
    """The folder of its site."""
    output = tmp_path_factory.mktemp("out") / "not" / "there" / "yet"
    site.build_site(made_up, output)
    return output


@pytest.fixture(scope="session")
def english(built) -> dict[str, str]:
    """{path: HTML} of its English pages."""
    return made_up_site.read_pages(built, "en")


@pytest.fixture(scope="session")
def chinese(built) -> dict[str, str]:
    """{path within zh/: HTML} of its Chinese pages."""
    return made_up_site.read_pages(built, "zh")


@pytest.fixture(scope="session")
def small(english) -> made_up_site.Page:
    """The English page of study `small`."""
    return made_up_site.Page(english["small.html"])


@pytest.fixture(scope="session")
def three(english) -> made_up_site.Page:
    """The English page of study `three`."""
    return made_up_site.Page(english["three.html"])
