"""Refresh the warehouse: gate, build, check, export, render, publish all at once."""

import traceback
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

from coupling.base import inputs
from coupling.base.failures import ExitCode, RefreshError, is_of_the_machine, sentence
from coupling.base.paths import Paths
from coupling.publishing import publish, runs
from coupling.refresh.work import Clock, Work, alone, finish, recorded, utc_now

if TYPE_CHECKING:
    from coupling.contracts.seeds import Finding
    from coupling.refresh.aside import Aside
    from coupling.refresh.children import Child
    from coupling.refresh.dbt import BuildResult
    from coupling.refresh.judgement import Judgement

INPUTS, GATE, DBT, TESTS = "inputs", "gate", "dbt build", "data tests"
STEPS = (
    *(INPUTS, GATE, DBT, "history", "gate on marts", "exports, pages"),
    *("run log", "seal", "publish"),
)
# things set aside that are named on the screen
SHOWN = 20
CODES = {GATE: ExitCode.INPUTS, INPUTS: ExitCode.INPUTS, DBT: ExitCode.BUILD}


def refresh(
    console: Console,
    paths: Paths,
    *,
    only: str = "",
    since_change: bool = False,
    clock: Clock = utc_now,
) -> None:
    """Check, build, export, render and publish; print times and where to look.

    With `only`, publish only if no row but those of that study changed. With
    `since_change`, do nothing if the inputs are those of the build published last.

    Raises RefreshError, with what was wrong already printed, if any step fails, and
    Stopped on SIGTERM or SIGINT. The published build then stays as it was.
    """
    with alone(console, paths, clock) as lock:
        unchanged = _unchanged_since(paths) if since_change else ""
        if unchanged:
            console.print(f"{unchanged}; nothing was done.", highlight=False)
            return
        with recorded(console, paths, lock, clock, CODES, len(STEPS)) as work:
            _refresh(work, only)


def rollback(console: Console, paths: Paths, *, clock: Clock = utc_now) -> None:
    """Make the kept build before the current one the published one again.

    Raises RefreshError if there is none that is undamaged.
    """
    with (
        alone(console, paths, clock) as lock,
        recorded(console, paths, lock, clock, {}, 1) as work,
    ):
        run = work.run
        with work.steps.step(runs.ROLLBACK):
            run.served_run_id = publish.previous_build(paths)
            runs.save(paths, run, durably=True)
            publish.point_to(paths, run.served_run_id)
        run.result = runs.ROLLED_BACK
        run.message = f"went back from {run.previous_run_id} to {run.served_run_id}"
        console.print(
            f"Published is again the build of run {run.served_run_id}, no longer that "
            f"of {run.previous_run_id}.",
            highlight=False,
        )


def _refresh(work: Work, only: str) -> None:
    from coupling.refresh import dbt
    from coupling.refresh.aside import Aside

    paths, run, step = work.paths, work.run, work.steps.step
    before = publish.current_database(paths)
    with step(INPUTS):
        publish.refuse_foreign_links(paths)
        made_before = _read_inputs(work)
    aside = Aside(paths)
    # dbt takes a second to load, which the gate needs anyway
    loaded: Child | None = work.child("dbt", **dbt.at(work.database, paths))
    with step(GATE):
        _sort_out(work, aside)
        _refuse_unknown_study(paths, only, before)
    if aside.items and loaded:
        loaded.kill()
        loaded = None
    while True:
        try:
            with aside.in_use():
                # without a survey the screen is another
                screened = None if aside.items else made_before
                built = _build(work, only, before, screened, loaded)
            break
        except Exception as error:
            if not _widen(work, aside, error):
                raise
            loaded = None
    with step("run log"):
        _write_history(work)
    with step("seal"):
        publish.adopt_old_layout(paths, work.clock())
        publish.seal(paths.building, run.run_id, run.inputs_hash, work.clock())
        _refuse_moved_inputs(work)
    with step("publish"):
        publish.publish(paths, run.run_id)
    built.judgement.tell_warnings()
    _say_what_was_published(work, built.result, built.written)
    _say_what_is_aside(work, aside)


@dataclass
class Built:
    """A build that may be published: what dbt did, was expected, and was written."""

    result: "BuildResult"
    judgement: "Judgement"
    written: dict[str, list[str]]


def _build(
    work: Work,
    only: str,
    before: Path | None,
    screened: runs.Run | None,
    loaded: "Child | None",
) -> Built:
    """Build, check, export and render.

    `screened` is the run whose screen of households may serve again; `loaded` is a
    process that has loaded dbt.
    """
    from coupling.outputs import left_out
    from coupling.outputs.comments import comment_tables
    from coupling.outputs.revisions import record_effects
    from coupling.refresh import data_tests, dbt, results, screen
    from coupling.refresh.judgement import Judgement
    from coupling.site import lineage

    paths, run, step = work.paths, work.run, work.steps.step
    manifest = paths.target / "manifest.json"
    load = cache(partial(results.load, work))
    with Judgement(work) as judgement:

        def advance(done: int, total: int) -> None:
            work.steps.progress(done, total)
            if judgement.figures.done():
                # dbt leaves a core idle from here on
                load()

        with step(DBT):
            kept = _keeps_screen(work, screened)
            result = dbt.build(
                work.database,
                paths,
                on_progress=judgement.beside(advance),
                exclude=screen.MODELS if kept else "",
                without=data_tests.LEFT_TO_RUN,
                onto=kept,
                child=loaded,
                log=work.log,
            )
            if result.succeeded:
                left_out.create_empty(work.database, manifest)
                result = result.with_tests(data_tests.run(work.database, manifest))
            run.tests_passed, run.tests_failed = result.tests
            _refuse_failed_build(work, result)
        waiting = load()
        with step("history"):
            said = record_effects(before, work.database, paths, run.run_id)
            print(said, file=work.log)
            comment_tables(work.database, manifest)
        with step("gate on marts"):
            judgement.of_marts(before)
            _refuse_bad_marts(work)
    with step("exports, pages"):
        lineage.build_lineage(work.database, manifest, work.site / lineage.FOLDER)
        written = results.write(work, waiting, before, only)
    return Built(result, judgement, written)


def _sort_out(work: Work, aside: "Aside") -> None:
    """Set aside what of the workspace has faults; refuse faults of what ships."""
    findings, said = aside.sort_out()
    if findings:
        _refuse(work.console, findings)
    for warning in said:
        work.console.print(warning, style="yellow", markup=False, soft_wrap=True)
    _say_what_is_aside(work, aside)


def _widen(work: Work, aside: "Aside", error: Exception) -> bool:
    """Set aside what may have made the build fail; say whether to try it again."""
    code = error.code if isinstance(error, RefreshError) else None
    if code in (ExitCode.USAGE, ExitCode.ENVIRONMENT) or is_of_the_machine(error):
        return False
    failed = getattr(error, "failed", [])
    files = getattr(error, "files", {})
    known = len(aside.items)
    if not aside.widen(sentence(error), failed, files):
        return False
    if not isinstance(error, RefreshError):
        print("".join(traceback.format_exception(error)), file=work.log)
    work.run.failed_step = None
    for child in work.children:
        child.kill()
    publish.clear_leftovers(work.paths)
    said = sentence(error).removesuffix("; nothing was published")
    work.console.print(
        f"{work.run.step}: {said}. Built again without what may be at fault.",
        style="yellow",
        markup=False,
        soft_wrap=True,
    )
    _say_what_is_aside(work, aside, known)
    return True


def _say_what_is_aside(work: Work, aside: "Aside", known: int = 0) -> None:
    """Name what is set aside, from the item `known` on."""
    items = aside.items[known:]
    if not items:
        return
    work.console.print(
        f"Set aside, {len(items)} of the workspace (quality.qc_set_aside has all):",
        style="yellow",
        markup=False,
        highlight=False,
    )
    for item in items[:SHOWN]:
        work.console.print(
            f"  {item.sentence}", markup=False, highlight=False, soft_wrap=True
        )
    if len(items) > SHOWN:
        work.console.print(f"  and {len(items) - SHOWN} more", highlight=False)


def _unchanged_since(paths: Paths) -> str:
    """Say since which run the inputs are the same, '' if something changed."""
    now = inputs.total_hash(inputs.file_hashes(paths), inputs.versions())
    history = runs.load(paths)
    current = publish.current_id(paths)
    published = [run for run in history if run.result == runs.PUBLISHED]
    # the last one may have been rolled back from: its inputs are not tried again
    for run in [*published[-1:], *(r for r in published if r.run_id == current)]:
        if run.inputs_hash == now and publish.is_served_whole(paths):
            rolled_back = run.run_id in runs.withdrawn(history)
            note = ", which was rolled back from" if rolled_back else ""
            return f"No input has changed since run {run.run_id}{note}"
    return ""


def _read_inputs(work: Work) -> runs.Run | None:
    """Record the inputs; return the run that made the published build, if known."""
    run, paths = work.run, work.paths
    run.inputs, run.versions = inputs.file_hashes(paths), inputs.versions()
    run.inputs_hash = inputs.total_hash(run.inputs, run.versions)
    known = {earlier.run_id: earlier for earlier in runs.load(paths)}
    before = known.get(run.previous_run_id or "")
    if before and before.inputs:
        found = inputs.changes(before.inputs, run.inputs)
        changed = [f"{how} {file}" for file, how in found.items() if how != "same"]
        run.inputs_changed = len(changed)
        print("since the build before:", *changed, sep="\n  ", file=work.log)
    runs.save(paths, run)
    return before


def _keeps_screen(work: Work, before: runs.Run | None) -> bool:
    """Take the screen of the households over where nothing that makes it changed."""
    from coupling.refresh import screen

    run = work.run
    if before is None or before.versions != run.versions:
        return False
    if not screen.is_unchanged(before.inputs, run.inputs):
        return False
    if not screen.take_over(work.paths, work.database):
        return False
    print(f"the screen of the households is that of {before.run_id}", file=work.log)
    return True


def refuse_bad_seeds(seeds: Path, console: Console) -> None:
    """Print each fault of seeds and workspace; raise RefreshError if there is any.

    Of those without a fault, what will not be computed is printed.
    """
    from coupling.base.paths import workspace
    from coupling.contracts import gate

    findings, said = gate.judge_seeds(seeds, seeds.parent / workspace())
    for warning in said:
        console.print(warning, style="yellow", markup=False, soft_wrap=True)
    if findings:
        _refuse(console, findings)


def _refuse(console: Console, findings: "list[Finding]") -> NoReturn:
    console.print(f"[red]{len(findings)} fault(s) in the seeds:[/red]")
    for finding in findings:
        console.print(
            f"  {finding.where}: found {finding.found}; expected {finding.expected}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    raise RefreshError("the seeds have faults; nothing was built", ExitCode.INPUTS)


def _refuse_unknown_study(paths: Paths, only: str, before: Path | None) -> None:
    from coupling.contracts.seeds import load_seeds

    if not only:
        return
    studies = load_seeds(paths.seeds)["studies"].text["study_id"].tolist()
    if only not in studies:
        known = ", ".join(studies)
        raise RefreshError(
            f"--only {only}: found no such study; expected one of {known}",
            ExitCode.USAGE,
        )
    if before is None:
        raise RefreshError(
            "--only: nothing is published yet that the other studies could be "
            "compared with; refresh without it first",
            ExitCode.USAGE,
        )


def _refuse_failed_build(work: Work, result: "BuildResult") -> None:
    if result.succeeded:
        return
    for failure in result.failures:
        work.console.print(
            failure, style="red", markup=False, highlight=False, soft_wrap=True
        )
    if result.failed and all(node.is_test for node in result.failed):
        work.run.failed_step = TESTS
    code = ExitCode.BUILD
    if any(is_of_the_machine(failure) for failure in result.failures):
        code = ExitCode.ENVIRONMENT
    first = result.failures[0].splitlines()[0]
    error = RefreshError(f"the build failed: {first}; nothing was published", code)
    error.failed = [node.name for node in result.failed]
    raise error


def _refuse_bad_marts(work: Work) -> None:
    from coupling.refresh import mart_gate

    faults = mart_gate.faults(work.database, work.site)
    for fault in faults:
        work.console.print(f"  {fault}", markup=False, highlight=False, soft_wrap=True)
    if faults:
        raise RefreshError(
            f"{len(faults)} fault(s) in the marts, the first: {faults[0]}; nothing was "
            "published"
        )


def _write_history(work: Work) -> None:
    """Put all runs into the new database, this one as it will be once published.

    The pages learn from it which build they belong to.
    """
    from coupling.publishing.run_tables import write_history
    from coupling.site.build import write_build

    run = work.run
    known = [r for r in runs.load(work.paths) if r.run_id != run.run_id]
    will_be = runs.Run(**vars(run))
    will_be.result, will_be.exit_code = runs.PUBLISHED, int(ExitCode.DONE)
    will_be.served_run_id, will_be.finished_at = run.run_id, finish(work)
    write_history(work.database, [*known, will_be], work.paths.project)
    write_build(work.database, work.site)


def _refuse_moved_inputs(work: Work) -> None:
    """Raise RefreshError if an input changed while the build read them."""
    found = inputs.changes(work.run.inputs, inputs.file_hashes(work.paths))
    moved = [file for file, change in found.items() if change != "same"]
    if moved:
        raise RefreshError(
            f"inputs changed while the refresh read them: {', '.join(moved[:5])}; "
            "nothing was published",
            ExitCode.INPUTS,
        )


def _say_what_was_published(
    work: Work, result: "BuildResult", written: dict[str, list[str]]
) -> None:
    console, paths = work.console, work.paths
    console.print(f"All steps: {work.steps.elapsed:.1f} s", highlight=False)
    console.print(f"Peak memory of the build: {result.peak_memory_mb:.0f} MB")
    ran = ", ".join(
        f"{count} {kind.replace('_', ' ')}s"
        for kind, count in sorted(result.counts.items())
    )
    console.print(f"dbt ran {ran}, all passed.")
    compared = [t for t in work.run.tables if t["rows_added"] is not None]
    if compared:
        changed = sum(bool(t["rows_added"] or t["rows_removed"]) for t in compared)
        console.print(f"{changed} of {len(compared)} tables differ from those before.")
    console.print(f"\nRun {work.run.run_id} is published. Where to look:")
    exports = f"{len(written['exports'])} Parquet files"
    exports += f", {len(written['workbooks'])} workbooks"
    for what, path, note in (
        ("database", paths.database, "schemas marts and quality"),
        ("exports", paths.exports, exports),
        ("pages", paths.site / "index.html", f"{len(written['pages'])} pages"),
    ):
        console.print(f"  {what:9} {paths.shown(path)}  ({note})")
