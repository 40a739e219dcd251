"""What is kept between processes is as it was made, or made again."""

import os

import pytest

from coupling.base import kept
from coupling.base.paths import Paths


@pytest.fixture(autouse=True)
def target(tmp_path, monkeypatch):
    """Let things be kept in a folder of the test."""
    monkeypatch.setattr(Paths, "target", tmp_path)
    return tmp_path


def made(count, content=b"one"):
    count.append(content)
    return content


def test_it_is_made_once():
    count = []
    for _ in range(3):
        assert kept.bytes_of("thing", lambda: made(count), "1.0") == b"one"
    assert count == [b"one"]


@pytest.mark.parametrize("other", ["1.1", b"1.0\0"])
def test_of_another_version_it_is_another(other):
    count = []
    kept.bytes_of("thing", lambda: made(count), "1.0")
    assert kept.bytes_of("thing", lambda: made(count, b"two"), other) == b"two"
    assert kept.bytes_of("thing", lambda: made(count), "1.0") == b"one"
    assert count == [b"one", b"two"]


@pytest.mark.parametrize("name", ["content", "sha256"])
def test_what_was_damaged_is_made_again(target, name):
    count = []
    kept.bytes_of("thing", lambda: made(count))
    [path] = target.rglob(name)
    path.write_bytes(path.read_bytes()[:-1])
    for _ in range(2):
        assert kept.bytes_of("thing", lambda: made(count)) == b"one"
    assert len(count) == 2


def test_where_nothing_can_be_written_it_is_made_each_time(target):
    (target / "kept").write_text("in the way")
    count = []
    for _ in range(2):
        assert kept.bytes_of("thing", lambda: made(count)) == b"one"
    assert len(count) == 2
    assert kept.folder("templates") is None


def test_a_disk_that_is_full_is_no_fault(target, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "access", lambda *_: True)
    place = kept.folder("thing")
    monkeypatch.setattr(type(place), "write_bytes", full)
    assert kept.bytes_of("thing", lambda: b"one") == b"one"
