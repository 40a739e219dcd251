"""The command: pairs in processes of their own, peers left out, degrees compared."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from coupling import cli
from coupling.base.failures import ExitCode, RefreshError
from coupling.base.paths import Paths
from coupling.bench import run, scale
from coupling.bench.panels import Size, drawn_panel
from coupling.bench.peers import listed
from coupling.bench.run import Asked, Outcome, RunError

SIZE = "4x3x4"


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=120)


@pytest.fixture
def faked(monkeypatch):
    """Runs that were asked for, in place of processes; degrees are all 0.5."""
    asked: list[Asked] = []

    def measured(one):
        asked.append(one)
        np.save(one.degrees, np.full((len(one.method_ids), 12), 0.5))
        steps = {"one": 0.5} if one.contestant == run.WAREHOUSE else {}
        return Outcome(1.0, 100.0, 1000, steps)

    monkeypatch.setattr(scale, "measured", measured)
    return asked


def bench(console, sizes=(SIZE,), peers="numpy,pandas", **others):
    scale.bench_scale(console, Paths(), list(sizes), peers, **others)
    return console.file.getvalue()


def test_the_command_times_the_models_beside_a_peer_and_says_what_it_found():
    words = ["bench", "scale", "12x6x10", "--peers", "numpy", "--runs", "1"]
    done = CliRunner().invoke(cli.app, [*words, "--memory", "1GB", "--threads", "1"])
    assert done.exit_code == 0, done.output
    assert "12x6x10: warehouse" in done.output
    assert "Slowest steps, 12x6x10" in done.output
    assert "int_panel_scored" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["12x6"], "found 12x6; expected regions, years and indicators"),
        (["12x6x10", "1x6x10"], "found 1x6x10"),
        (["12x6x10", "--peers", "numpi"], "There is no peer 'numpi'. Nearest: numpy."),
        (["12x6x10", "--memory", "much"], "found --memory much; expected a number"),
        (["12x6x10", "--memory", "0GB"], "found --memory 0GB"),
    ],
)
def test_a_word_that_is_not_understood_is_refused(words, said):
    done = CliRunner().invoke(cli.app, ["bench", "scale", *words])
    assert done.exit_code == ExitCode.USAGE
    assert said in " ".join(done.output.split())


def test_the_warehouse_and_a_peer_take_turns_and_who_is_first_changes(console, faked):
    bench(console, runs=2, threads=3, memory="2GB")
    assert [one.contestant for one in faked] == [
        *("warehouse", "numpy", "warehouse", "pandas"),
        *("numpy", "warehouse", "pandas", "warehouse"),
    ]
    assert {(one.size, one.threads, one.memory) for one in faked} == {(SIZE, 3, "2GB")}
    # what lay on disk is gone
    assert not any(Path(one.values).exists() for one in faked)


def test_beside_a_peer_of_one_method_the_warehouse_has_that_method_alone(
    console, faked, monkeypatch
):
    monkeypatch.setattr(listed.Peer, "is_installed", True)
    said = bench(console, peers="pymcdm", runs=1)
    assert {one.method_ids for one in faked} == {("entropy_topsis",)}
    assert f"{SIZE}: warehouse 1.00 s, pymcdm 1.00 s: 1.00" in said


def test_without_peers_the_warehouse_runs_alone(console, faked):
    said = bench(console, peers="none", runs=2)
    assert [one.contestant for one in faked] == ["warehouse"] * 2
    assert f"{SIZE}: warehouse 1.00 s\n" in said


def test_a_peer_that_is_not_installed_is_said_and_left_out(console, faked, monkeypatch):
    monkeypatch.setattr(listed, "find_spec", lambda name: name != "pandas" or None)
    said = bench(console, runs=1)
    assert "pandas is left out: it is not installed; the extra bench has it." in said
    assert [one.contestant for one in faked] == ["warehouse", "numpy"]


def test_a_peer_that_fails_is_said_and_left_out(console, faked, monkeypatch):
    fake = scale.measured

    def failing(one):
        if one.contestant == "numpy":
            raise RunError("ended by signal 9")
        return fake(one)

    monkeypatch.setattr(scale, "measured", failing)
    said = bench(console, runs=2)
    assert said.count(f"{SIZE}: numpy is left out: ended by signal 9") == 1
    assert "pandas" in said.split("ratio of seconds")[1]
    assert "numpy" not in said.split("ratio of seconds")[1]


def test_a_warehouse_that_fails_ends_it(console, monkeypatch):
    def failing(one):
        raise RunError("Out of memory")

    monkeypatch.setattr(scale, "measured", failing)
    with pytest.raises(RefreshError, match=f"{SIZE}: the warehouse: Out of memory"):
        bench(console)


@pytest.mark.parametrize("wrong", [0.5 + 1e-8, np.nan])
def test_a_degree_that_differs_is_an_error_and_nothing_is_written(
    console, faked, monkeypatch, wrong
):
    fake = scale.measured

    def differing(one):
        outcome = fake(one)
        if one.contestant == "numpy":
            degrees = np.load(one.degrees)
            degrees[3, 7] = wrong
            np.save(one.degrees, degrees)
        return outcome

    monkeypatch.setattr(scale, "measured", differing)
    written = []
    monkeypatch.setattr(scale.results, "write", lambda *given: written.append(given))
    with pytest.raises(RefreshError, match=f"differ.*numpy on {SIZE} by") as failed:
        bench(console, runs=1, is_written=True)
    assert failed.value.code == ExitCode.RESULTS
    assert "pandas" not in str(failed.value)
    assert written == []


def test_differences_that_cannot_be_told_are_infinite():
    halves = np.full((2, 3), 0.5)
    assert scale.largest_difference(halves, halves + 1e-12) < 2e-12
    assert scale.largest_difference(halves, halves[:1]) == np.inf
    assert scale.largest_difference(halves[:0], halves[:0]) == np.inf
    nothing = np.full((2, 3), np.nan)
    assert scale.largest_difference(nothing, nothing) == np.inf


# --- one run ----------------------------------------------------------------------


def asked(tmp_path, contestant, **others):
    values = tmp_path / "values.npy"
    np.save(values, drawn_panel(Size.read("12x6x10")).values)
    ids = tuple(listed.BY_NAME["numpy"].method_ids)
    words = (contestant, ids, "12x6x10", str(values), str(tmp_path))
    return Asked(*words, **({"threads": 1} | others))


def test_a_run_of_the_warehouse_tells_seconds_memory_room_and_steps(tmp_path):
    outcome = run.measured(asked(tmp_path, run.WAREHOUSE))
    assert outcome.database_bytes == (tmp_path / "coupling.duckdb").stat().st_size
    assert {"seeds", "fct_coupling", "fct_obstacles", run.READING, run.CHECKPOINT} <= (
        outcome.steps.keys()
    )
    assert sum(outcome.steps.values()) == pytest.approx(outcome.seconds)
    assert 50 < outcome.peak_memory_mb < 2000
    degrees = np.load(tmp_path / "degrees.npy")
    assert degrees.shape == (9, 72)
    assert ((degrees > 0) & (degrees < 1)).all()


def test_a_run_of_a_peer_writes_the_same_degrees(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    run.measured(asked(ours, run.WAREHOUSE))
    outcome = run.measured(asked(theirs, "numpy"))
    assert (outcome.database_bytes, outcome.steps) == (0, {})
    degrees = (np.load(folder / "degrees.npy") for folder in (ours, theirs))
    assert scale.largest_difference(*degrees) < 1e-9


def test_a_run_that_fails_says_how(tmp_path):
    with pytest.raises(RunError, match="there_is_none"):
        run.measured(asked(tmp_path, "there_is_none"))
    with pytest.raises(RunError, match=r"[Mm]emory"):
        run.measured(asked(tmp_path, run.WAREHOUSE, memory="1MB"))


def test_what_is_asked_for_is_told_as_json(tmp_path, monkeypatch, capsys):
    words = {"contestant": "numpy", "method_ids": ["entropy_topsis"], "size": "12x6x10"}
    values = asked(tmp_path, "numpy").values
    words |= {"values": values, "folder": str(tmp_path), "threads": 1}
    monkeypatch.setattr(run.sys, "argv", ["run", json.dumps(words)])
    run.main()
    told = json.loads(capsys.readouterr().out)
    assert told["seconds"] > 0 and told["database_bytes"] == 0
    assert np.load(tmp_path / "degrees.npy").shape == (1, 72)
