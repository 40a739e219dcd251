"""DuckDB takes of the machine what the environment says; no result depends on it."""

import re

import duckdb
import pytest

from coupling.base import connections
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths

PROJECT = Paths().project
MEMORY, THREADS, TEMP = connections.MEMORY, connections.THREADS, connections.TEMP
SORTED = """
    select md5(range::text) as a, md5((range + 1)::text) as b
    from range(3_000_000) order by b
"""


def setting(con, name):
    return con.execute("select current_setting($name)", {"name": name}).fetchone()[0]


def test_half_of_the_memory_by_default(monkeypatch):
    monkeypatch.delenv(MEMORY, raising=False)
    with connections.connect() as con, duckdb.connect() as other:
        other.execute("set memory_limit = '50%'")
        assert setting(con, "memory_limit") == setting(other, "memory_limit")


def test_the_environment_sets_memory_threads_and_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(MEMORY, "300MiB")
    monkeypatch.setenv(THREADS, "3")
    monkeypatch.setenv(TEMP, str(tmp_path))
    with connections.connect(tmp_path / "some.duckdb") as con:
        assert setting(con, "memory_limit") == "300.0 MiB"
        assert setting(con, "threads") == 3
        assert setting(con, "temp_directory").startswith(str(tmp_path))
    with connections.connect(threads=1) as con:
        assert setting(con, "threads") == 1


def test_what_does_not_fit_goes_to_the_folder_and_leaves_it(monkeypatch, tmp_path):
    monkeypatch.setenv(MEMORY, "150MiB")
    monkeypatch.setenv(TEMP, str(tmp_path))
    with connections.connect(threads=1) as con:
        con.execute(f"create table sorted as {SORTED}")
        assert con.execute("select count(*) from sorted").fetchone() == (3_000_000,)
        assert sum(path.is_file() for path in tmp_path.rglob("*")) > 0
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (MEMORY, "plenty", "a size such as 4GB, or a share such as 50%"),
        (THREADS, "0", "a number of threads from 1"),
        (THREADS, "two", "a number of threads from 1"),
    ],
)
def test_a_value_that_is_none_is_refused_by_name(
    monkeypatch, variable, value, expected
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(RefreshError) as caught:
        connections.connect()
    assert caught.value.code is ExitCode.USAGE
    assert str(caught.value) == f"{variable}: found {value!r}, expected {expected}"


def test_the_package_opens_databases_in_one_place():
    opened = {
        path.name
        for path in (PROJECT / "scripts" / "coupling").rglob("*.py")
        if "duckdb.connect(" in path.read_text(encoding="utf-8")
    }
    assert opened == {"connections.py"}


def test_dbt_knows_the_same_variables_and_share():
    macro = (PROJECT / "macros" / "limits.sql").read_text(encoding="utf-8")
    asked = dict(re.findall(r"env_var\('(\w+)', '([^']*)'\)", macro))
    assert asked == {MEMORY: connections.SHARE_OF_MEMORY, THREADS: "", TEMP: ""}
