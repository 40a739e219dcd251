"""The command line: each job a word with an example, old spellings with a hint."""

import re

import pytest
import typer
from typer.testing import CliRunner

from coupling import cli
from coupling.base.paths import Paths
from coupling.bench import answers, builds, surveys
from coupling.landing import command


def jobs(group=None, words=()):
    """Every job of the command line: its words and what it is."""
    group = group or typer.main.get_command(cli.app)
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from jobs(one, (*words, name))
        else:
            yield (*words, name), one


JOBS = dict(jobs())


@pytest.fixture
def invoke(monkeypatch, tmp_path):
    """Invoke the command in a folder of the test, with a workspace that is empty."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "paths", Paths(tmp_path))

    def run(*words):
        done = CliRunner().invoke(cli.app, [*map(str, words)])
        return done.exit_code, re.sub(r"\s+", " ", done.output)

    return run


def test_there_are_these_jobs():
    assert {" ".join(words) for words in JOBS} == {
        *("refresh", "check", "report", "explain", "series"),
        *("land files", "land households", "land list", "land undo"),
        *("study new", "study template", "study list", "study remove"),
        *("study rename", "study show"),
        *("bench builds", "bench households", "bench detectors", "bench study"),
        "bench scale",
    }


@pytest.mark.parametrize("words", JOBS, ids=" ".join)
def test_a_job_has_an_example_that_it_would_take(words):
    job = JOBS[words]
    [example] = re.findall(r"Example: coupling (.+)", job.help, re.DOTALL)
    said = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', example)]
    left = [word for word in words if word != "files"]
    assert said[: len(left)] == left
    options = {name for one in job.params for name in one.opts}
    used = {re.match(r"--[a-z-]+", w)[0] for w in said if w.startswith("--")}
    assert used <= options


def test_a_file_needs_no_word_and_wins_over_a_word_of_its_name(
    invoke, monkeypatch, tmp_path
):
    asked = []
    monkeypatch.setattr(
        command, "land_files", lambda console, files, *_: asked.append(files) or 0
    )
    for name in ("figures.csv", "list"):
        (tmp_path / name).write_text("a\n")
        assert invoke("land", name)[0] == 0
    assert [[path.name for path in files] for files in asked] == (
        [["figures.csv"], ["list"]]
    )


def test_without_a_file_of_that_name_a_word_is_a_word(invoke):
    code, said = invoke("land", "list")
    assert (code, said.strip()) == (0, "Nothing is landed.")
    assert invoke("land", "undo", "nothing")[0] != 0
    assert "Missing argument" in invoke("land", "undo")[1]
    assert "Missing argument" in invoke("land")[1]


@pytest.mark.parametrize("words", [(), ("--runs", 3), ("builds", "--runs", 3)])
def test_bench_without_a_word_compares_builds(invoke, monkeypatch, words):
    asked = []
    monkeypatch.setattr(builds, "bench_builds", lambda *given: asked.append(given[2]))
    assert invoke("bench", *words) == (0, "")
    assert asked == [3 if words else 2]


@pytest.mark.parametrize(
    ("old", "new", "module", "given"),
    [
        (("--households", 7), ("households", 7), surveys, 7),
        (("--detectors", 70), ("detectors", 70), surveys, 70),
        (("--study", "3x4x5"), ("study", "3x4x5"), answers, "3x4x5"),
    ],
)
def test_old_spellings_of_bench_go_on_with_a_hint(
    invoke, monkeypatch, old, new, module, given
):
    asked = []
    name = f"bench_{new[0]}"
    monkeypatch.setattr(module, name, lambda *words: asked.append(words[2]))
    assert invoke("bench", *new) == (0, "")
    code, said = invoke("bench", *old)
    assert code == 0
    assert f"bench {old[0]} is now: coupling bench {new[0]}" in said
    assert "ends with the next version" in said
    assert asked == [given, given]


def test_an_option_before_the_word_households_goes_on_with_a_hint(invoke, monkeypatch):
    asked = []
    monkeypatch.setattr(cli, "_land_households", lambda *given: asked.append(given))
    assert invoke("land", "households", "f.csv", "--survey", "s") == (0, "")
    code, said = invoke("land", "--survey", "s", "households", "f.csv")
    assert code == 0 and "is now: coupling land households" in said
    assert asked[0] == asked[1] == (["f.csv"], "s", 0, 2022)
    code, said = invoke("land", "--survey", "s", "f.csv")
    assert code == 2 and "Say the word households before a survey" in said


def test_an_option_before_the_words_list_and_undo_goes_on_with_a_hint(invoke, tmp_path):
    code, said = invoke("land", "--yes", "list")
    assert code == 0 and "is now: coupling land list" in said
    assert "Nothing is landed." in said
    ours, said = invoke("land", "--dry-run", "undo", "nothing")
    assert "is now: coupling land undo" in said
    new, told = invoke("land", "undo", "nothing", "--dry-run")
    assert ours == new and told.strip() in said
    for words in (("list", "more"), ("undo",), ("undo", "a", "b")):
        code, said = invoke("land", "--yes", *words)
        assert code == 2 and "Say coupling land list, or coupling land undo" in said


def test_a_limit_that_is_none_ends_a_job_with_a_sentence(monkeypatch):
    monkeypatch.setenv("COUPLING_MEMORY", "plenty")
    done = CliRunner().invoke(cli.app, ["study", "show", "industrial_transfer"])
    assert re.sub(r"\s+", " ", done.output).endswith(
        "Stopped: COUPLING_MEMORY: found 'plenty', expected a size such as 4GB, "
        "or a share such as 50% "
    )
    assert (done.exit_code, type(done.exception)) == (2, SystemExit)
