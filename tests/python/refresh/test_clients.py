"""What a program that has a published file open keeps, and what it opens next.

That programs read whole builds while refreshes run, see run_faults.py.
"""

import duckdb
import pandas as pd
import polars as pl


def build(path, number):
    """A small database whose every row tells which build it is of."""
    with duckdb.connect(
        str(path), config={"storage_compatibility_version": "v1.2.0"}
    ) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.t as select {number} as build")


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
        # an open file that is handed over, as the guides advise
        assert pd.read_parquet(opened)["build"].tolist() == [0]
        opened.seek(0)
        assert pl.read_parquet(opened)["build"].to_list() == [0]
    path = tmp_path / "exports" / "t.parquet"
    assert duckdb.sql(f"select build from '{path}'").fetchall() == [(1,)]


def test_the_warehouse_is_stored_for_older_clients(warehouse):
    # byte 12 of the file holds the version of the storage: 65 is that of DuckDB 1.2;
    # what DuckDB 2.0 writes unless told otherwise, 1.5 and earlier cannot open
    version = int.from_bytes(warehouse.read_bytes()[12:20], "little")
    assert 64 <= version <= 65
