"""`coupling bench scale`: the core on panels of any size, beside its peers.

Each run is a process of its own. The warehouse and a peer take turns in pairs, on the
same drawn panel, and every degree of the peer is compared with that of the warehouse.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from coupling.base.failures import ExitCode, RefreshError
from coupling.base.names import NotThereError
from coupling.base.paths import Paths
from coupling.bench import results
from coupling.bench.panels import Size, drawn_panel
from coupling.bench.peers.formulas import NINE_METHODS
from coupling.bench.peers.listed import Peer, chosen
from coupling.bench.results import ON_SCREEN, Measured, Pair
from coupling.bench.run import WAREHOUSE, Asked, Outcome, RunError, measured

LARGEST_DIFFERENCE = 1e-9
MEMORY = re.compile(r"[1-9]\d*(\.\d+)?\s*[KMGT]i?B", re.IGNORECASE)
# hears what is at work, and what was found
Said = Callable[[str, str], None]


@dataclass(frozen=True)
class Plan:
    """What to measure: sizes, peers, how often, and within which limits."""

    sizes: list[Size]
    peers: list[Peer]
    runs: int
    threads: int
    memory: str | None

    @property
    def rivals(self) -> list[Peer | None]:
        """The peers, or none, where the warehouse runs alone."""
        return [*self.peers] or [None]

    @property
    def pair_count(self) -> int:
        """Number of pairs of runs."""
        return len(self.sizes) * self.runs * len(self.rivals)


def bench_scale(
    console: Console,
    paths: Paths,
    sizes: list[str],
    peers: str = "",
    runs: int = 5,
    threads: int = 0,
    memory: str = "",
    is_written: bool = False,
) -> None:
    """Measure the core on drawn panels beside its peers, and print what was found.

    Raises RefreshError if an argument is not understood, a run of the warehouse fails,
    or a degree of a peer differs from that of the warehouse.
    """
    plan = planned(console, sizes, peers, runs, threads, memory)
    pairs: list[Pair] = []
    with _progress(console, plan) as said:
        for size in plan.sizes:
            pairs += pairs_of(plan, size, said)
    found = results.summarised(pairs, plan.threads)
    show(console, found)
    refuse_differences(pairs)
    if is_written:
        for path in results.write(found, paths.project / "reports" / "guides"):
            console.print(f"{paths.shown(path)} written")


def planned(
    console: Console, sizes: list[str], peers: str, runs: int, threads: int, memory: str
) -> Plan:
    """Return what was asked for; peers whose package is missing are told and left out.

    Raises RefreshError if a word is not understood.
    """
    if memory and not MEMORY.fullmatch(memory.strip()):
        raise RefreshError(
            f"found --memory {memory}; expected a number and a unit, such as 4GB",
            ExitCode.USAGE,
        )
    try:
        asked = chosen(peers)
    except NotThereError as error:
        raise RefreshError(str(error), ExitCode.USAGE) from error
    for peer in asked:
        if not peer.is_installed:
            console.print(
                f"{peer.name} is left out: it is not installed; the extra bench has it."
            )
    return Plan(
        [Size.read(text) for text in dict.fromkeys(sizes)],
        [peer for peer in asked if peer.is_installed],
        runs,
        threads or os.cpu_count() or 1,
        memory.strip() or None,
    )


def pairs_of(plan: Plan, size: Size, said: Said) -> Iterator[Pair]:
    """Yield the pairs of runs on one size; `said` hears what is at work and found.

    A peer that fails is told, and left out of this size from then on.
    """
    failed: set[Peer | None] = set()
    with tempfile.TemporaryDirectory(prefix="coupling_scale_") as folder:
        values = Path(folder) / "values.npy"
        said(f"{size}: drawing", "")
        np.save(values, drawn_panel(size).values)
        for run, peer in product(range(plan.runs), plan.rivals):
            if peer in failed:
                continue
            name = peer.name if peer else WAREHOUSE
            said(f"{size}, run {run + 1} of {plan.runs}: {name}", "")
            try:
                pair = _pair(plan, size, values, peer, is_peer_first=run % 2 == 1)
            except RunError as error:
                failed.add(peer)
                said("", f"{size}: {name} is left out: {error}")
                continue
            said("", _told(pair))
            yield pair


def _pair(
    plan: Plan, size: Size, values: Path, peer: Peer | None, is_peer_first: bool
) -> Pair:
    """Run the warehouse and a peer, one after the other, and compare their degrees."""
    method_ids = peer.method_ids if peer else NINE_METHODS

    def run(name: str) -> tuple[Outcome, np.ndarray]:
        with tempfile.TemporaryDirectory(dir=values.parent) as folder:
            asked = Asked(
                *(name, method_ids, str(size), str(values), folder),
                *(plan.threads, plan.memory),
            )
            return measured(asked), np.load(asked.degrees)

    def warehouse() -> tuple[Outcome, np.ndarray]:
        try:
            return run(WAREHOUSE)
        except RunError as error:
            raise RefreshError(f"{size}: the warehouse: {error}") from error

    if peer is None:
        return Pair(size, len(method_ids), warehouse()[0])
    if is_peer_first:
        theirs, others = run(peer.name)
        ours, degrees = warehouse()
    else:
        ours, degrees = warehouse()
        theirs, others = run(peer.name)
    apart = largest_difference(degrees, others)
    return Pair(size, len(method_ids), ours, theirs, peer.name, apart)


def largest_difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest between two arrays; infinite where one lacks a number.

    No region of a drawn panel lacks an indicator, so every degree is a number.
    """
    are_whole = np.isfinite(ours).all() and np.isfinite(theirs).all()
    if ours.shape != theirs.shape or not ours.size or not are_whole:
        return float("inf")
    return float(np.abs(ours - theirs).max())


def refuse_differences(pairs: list[Pair]) -> None:
    """Raise RefreshError if a degree of a peer is not that of the warehouse."""
    worst = {
        f"{pair.name} on {pair.size}": pair.difference
        for pair in pairs
        if not pair.difference <= LARGEST_DIFFERENCE
    }
    if worst:
        told = "; ".join(f"{who} by {much:.2g}" for who, much in worst.items())
        raise RefreshError(f"these degrees differ from the warehouse's: {told}")


def show(console: Console, found: Measured) -> None:
    """Print the table of sizes and peers, and the slowest steps of each size."""
    title = "Warehouse to peer: ratio of seconds, then medians"
    console.print(results.on_screen(title, found.rows, ON_SCREEN))
    for size in dict.fromkeys(found.steps["size"]):
        steps = found.steps[found.steps["size"] == size]
        console.print(
            results.on_screen(f"Slowest steps, {size}", steps, results.OF_STEPS)
        )


def _told(pair: Pair) -> str:
    said = f"{pair.size}: warehouse {pair.warehouse.seconds:.2f} s"
    if pair.peer is None:
        return said
    ratio = pair.warehouse.seconds / pair.peer.seconds
    return f"{said}, {pair.name} {pair.peer.seconds:.2f} s: {ratio:.2f}"


@contextmanager
def _progress(console: Console, plan: Plan) -> Iterator[Said]:
    """Show a bar where there is a terminal, and a line for each pair."""
    with Progress(
        console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=plan.pair_count)

        def said(doing: str, found: str) -> None:
            if doing:
                bar.update(task, description=doing)
            if found:
                bar.console.print(found, highlight=False, markup=False)
                bar.advance(task)

        yield said
