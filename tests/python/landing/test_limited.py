"""Readers in a process with limits: what they return, raise, take too much of."""

import os
import signal
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coupling.base import limited
from coupling.base.limited import LimitError, read_within_limits
from coupling.households.landing import LandingError, read_survey


def size_of(file: Path, factor: int) -> int:
    print("readers print what they like")
    return factor * file.stat().st_size


def refuse(file: Path) -> None:
    raise ValueError(f"{file.name} is no table")


def fill_memory(file: Path) -> None:
    kept = [bytes(10**7) for _ in range(300)]
    assert len(kept) == 300


def abort(file: Path) -> None:
    os.abort()


def crash(file: Path) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def never_end(file: Path) -> None:
    while True:
        pass


def sleep(file: Path) -> None:
    time.sleep(60)


@pytest.fixture
def file(tmp_path, monkeypatch):
    # so that the child finds the functions above
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"four")
    return path


def test_what_is_read_comes_back_and_what_is_raised_is_raised(file):
    assert read_within_limits(size_of, file, 3) == 12
    with pytest.raises(ValueError, match=r"table\.xlsx is no table"):
        read_within_limits(refuse, file)


@pytest.mark.parametrize("takes", [fill_memory, abort])
def test_what_takes_too_much_memory_is_refused(file, takes):
    with pytest.raises(LimitError, match=r"table\.xlsx unpacks to more than 352 MiB"):
        read_within_limits(takes, file)


@pytest.mark.parametrize(
    ("takes", "patience", "asleep", "told"),
    [
        (never_end, 60, 60, "takes more than 1 s to read"),
        (sleep, 3, 60, "takes more than 1 s to read"),
        # as readers do where they find no memory
        (sleep, 60, 1, "unpacks to more than 352 MiB"),
    ],
)
def test_what_takes_too_long_is_refused(
    file, takes, patience, asleep, told, monkeypatch
):
    monkeypatch.setattr(limited, "LEAST_SECONDS", 1)
    monkeypatch.setattr(limited, "PATIENCE", patience)
    monkeypatch.setattr(limited, "ASLEEP", asleep)
    started = time.monotonic()
    with pytest.raises(LimitError, match=rf"table\.xlsx {told}"):
        read_within_limits(takes, file)
    assert time.monotonic() - started < 30


def test_a_reader_that_ends_itself_is_told(file):
    with pytest.raises(LimitError, match=r"table\.xlsx is damaged: its reader ended"):
        read_within_limits(crash, file)


def test_a_larger_file_may_take_more(file):
    file.write_bytes(bytes(8_000_000))
    with pytest.raises(LimitError, match="more than 840 MiB of memory"):
        read_within_limits(fill_memory, file)


def test_a_survey_is_read_in_a_process_of_its_own(tmp_path):
    path = tmp_path / "survey.parquet"
    frame = pd.DataFrame({"HID": [1, 2], "income": [10.0, None]})
    frame.to_parquet(path)
    read = read_survey(path)
    assert read["hid"].tolist() == ["1", "2"]
    assert read["income"].isna().tolist() == [False, True]
    # a text that a dictionary repeats
    ids = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000), ["9" * 1_000_000])
    pq.write_table(pa.table({"hid": ids}), path)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(LandingError, match=r"survey\.parquet unpacks to more than"):
        read_survey(path)
