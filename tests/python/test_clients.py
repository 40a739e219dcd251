"""Clients read the published database while refreshes replace it.

Each client is a process of its own, as in life. A refresh publishes by renaming the
new file over the old one, so a client reads the old build or the new one, never half.
"""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time

import duckdb
import pytest

ROWS = 5000
READS = 25
# each defines read(), which opens the build anew and returns all its pairs (build, n)
CLIENTS = {
    "pandas": """
        import duckdb

        def read():
            with duckdb.connect(DATABASE, read_only=True) as connection:
                frame = connection.execute("select build, n from marts.t").df()
            return list(zip(frame["build"].tolist(), frame["n"].tolist()))
    """,
    "polars": """
        import duckdb
        import polars

        def read():
            with duckdb.connect(DATABASE, read_only=True) as connection:
                return polars.read_database("from marts.t", connection).rows()
    """,
    "sqlalchemy": """
        import sqlalchemy
        from sqlalchemy.pool import NullPool

        ENGINE = sqlalchemy.create_engine(
            f"duckdb:///{DATABASE}?access_mode=read_only", poolclass=NullPool
        )

        def read():
            columns = sqlalchemy.inspect(ENGINE).get_columns("t", schema="marts")
            assert [column["name"] for column in columns] == ["build", "n"]
            with ENGINE.connect() as connection:
                query = sqlalchemy.text("select build, n from marts.t")
                return [tuple(row) for row in connection.execute(query)]
    """,
}
LOOP = """
import json
seen = []
for _ in range(READS):
    rows = read()
    assert sorted(n for _, n in rows) == list(range(ROWS))
    assert len({build for build, _ in rows}) == 1
    seen.append(rows[0][0])
print(json.dumps(seen))
"""


def build(path, number):
    """A small database whose every row tells which build it is of."""
    with duckdb.connect(
        str(path), config={"storage_compatibility_version": "v1.2.0"}
    ) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.t as select {number} as build, n"
            f" from range({ROWS}) as numbers (n)"
        )


@pytest.fixture
def publisher(tmp_path):
    """Publish builds 0 and 1 in turn, over and over; give the path and the count."""
    published = tmp_path / "coupling.duckdb"
    for number in (0, 1):
        build(tmp_path / f"{number}.duckdb", number)
    shutil.copy2(tmp_path / "0.duckdb", published)
    stop = threading.Event()
    publications = []

    def publish():
        while not stop.is_set():
            number = (len(publications) + 1) % 2
            new = tmp_path / "new.duckdb"
            shutil.copy2(tmp_path / f"{number}.duckdb", new)
            new.replace(published)
            publications.append(number)
            time.sleep(0.005)

    thread = threading.Thread(target=publish)
    thread.start()
    yield published, publications
    stop.set()
    thread.join()


@pytest.mark.parametrize("client", CLIENTS)
def test_client_reads_whole_builds_while_they_are_replaced(publisher, client):
    published, publications = publisher
    script = "\n".join(
        [
            f"DATABASE, READS, ROWS = {str(published)!r}, {READS}, {ROWS}",
            textwrap.dedent(CLIENTS[client]),
            LOOP,
        ]
    )
    before = len(publications)
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ
    )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert len(publications) - before > 5
    assert len(seen) == READS
    assert set(seen) == {0, 1}


def test_an_open_client_keeps_its_build_and_the_next_sees_the_new_one(tmp_path):
    published = tmp_path / "coupling.duckdb"
    build(published, 0)
    build(tmp_path / "new.duckdb", 1)
    with duckdb.connect(str(published), read_only=True) as connection:
        (tmp_path / "new.duckdb").replace(published)
        assert connection.execute("select max(build) from marts.t").fetchone() == (0,)
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute("select max(build) from marts.t").fetchone() == (1,)


def test_readers_of_parquet_files_outlive_a_publication(tmp_path):
    for number in (0, 1):
        folder = tmp_path / f"exports_{number}"
        folder.mkdir()
        path = folder / "t.parquet"
        duckdb.sql(f"copy (select {number} as build) to '{path}' (format parquet)")
    published = tmp_path / "exports"
    published.symlink_to(tmp_path / "exports_0")
    with (published / "t.parquet").open("rb") as opened:
        new = tmp_path / "new"
        new.symlink_to(tmp_path / "exports_1")
        new.replace(published)
        assert opened.read(4) == b"PAR1"
    path = tmp_path / "exports" / "t.parquet"
    assert duckdb.sql(f"select build from '{path}'").fetchall() == [(1,)]


def test_the_warehouse_is_stored_for_older_clients(warehouse):
    # byte 12 of the file holds the version of the storage: 65 is that of DuckDB 1.2;
    # what DuckDB 2.0 writes unless told otherwise, 1.5 and earlier cannot open
    version = int.from_bytes(warehouse.read_bytes()[12:20], "little")
    assert 64 <= version <= 65
