"""One measured run, in a process of its own, so that none warms another up.

`measured` starts the process and hands it `Asked` as JSON; `main` is what runs there.
The clock starts when the input is in memory and the libraries are loaded, and stops
when the result is there: tables in a file of the warehouse, arrays of a peer.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from coupling.base.connections import MEMORY, TEMP
from coupling.base.failures import sentence
from coupling.base.paths import WORKSPACE
from coupling.bench.panels import Panel, Size, panel_of

WAREHOUSE = "warehouse"
# the core: what a study's degrees rest on, their grades and ranks, and obstacles
CORE = (
    *("fct_coupling", "fct_system_scores", "fct_indicator_weights"),
    *("fct_indicator_values", "fct_obstacles"),
)
READING, CHECKPOINT = "models", "checkpoint"
# rows come as those of the panel, under each method
DEGREES = """
    select coupling_coordination_degree
    from marts.fct_coupling
    order by method_id, region_code, year
"""
# what libraries ask how many threads they may start
THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS"),
)


@dataclass(frozen=True)
class Asked:
    """What to run: `values` is where the panel lies, results go into `folder`."""

    contestant: str
    method_ids: tuple[str, ...]
    size: str
    values: str
    folder: str
    threads: int
    memory: str | None = None

    @property
    def degrees(self) -> Path:
        """The file of D, [methods in the order of their ids, N]."""
        return Path(self.folder) / "degrees.npy"


@dataclass(frozen=True)
class Outcome:
    """What a run took.

    Attributes
    ----------
    seconds
        From the input in memory to the result.
    peak_memory_mb
        Of the process, in MB of 2^20 bytes, with the input and all libraries.
    database_bytes
        Size of the file; 0 of a peer, which writes none.
    steps
        Seconds of each table of the warehouse, of the last checkpoint, and of reading
        the models.

    """

    seconds: float
    peak_memory_mb: float
    database_bytes: int = 0
    steps: dict[str, float] = field(default_factory=dict)


class RunError(Exception):
    """A run did not end well; the message says how."""


def measured(asked: Asked) -> Outcome:
    """Run in a process of its own and return what it took.

    Raises RunError if it fails, or is ended by the system for want of memory.
    """
    environment = os.environ | dict.fromkeys(THREADS, str(asked.threads))
    environment |= {WORKSPACE: f"{asked.folder}/workspace", TEMP: asked.folder}
    if asked.memory:
        environment[MEMORY] = asked.memory
    done = subprocess.run(
        [sys.executable, "-m", __name__, json.dumps(asdict(asked))],
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode < 0:
        raise RunError(f"ended by signal {-done.returncode}")
    if done.returncode:
        raise RunError((done.stderr.strip().splitlines() or ["it said nothing"])[-1])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run what the first argument asks for; the last line printed is the outcome."""
    given = json.loads(sys.argv[1])
    asked = Asked(**given | {"method_ids": tuple(given["method_ids"])})
    run = _warehouse if asked.contestant == WAREHOUSE else _peer
    try:
        degrees, outcome = run(asked)
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {sentence(error)}")
    np.save(asked.degrees, degrees)
    print(json.dumps(asdict(outcome)))


def _panel(asked: Asked) -> Panel:
    return panel_of(Size.read(asked.size), np.load(asked.values))


def _warehouse(asked: Asked) -> tuple[np.ndarray, Outcome]:
    """Run the models; return D, [methods, N], and what they took."""
    from coupling.bench.panels import study_of
    from coupling.engine import engine

    rows, steps = study_of(_panel(asked)), dict[str, float]()
    database = Path(asked.folder) / "coupling.duckdb"
    _forget_peak()
    started = time.perf_counter()
    results = engine.evaluate(
        rows,
        asked.method_ids,
        tables=CORE,
        threads=asked.threads,
        database=database,
        watch=steps.__setitem__,
    )
    before = time.perf_counter()
    results.connection.execute("checkpoint")
    ended = time.perf_counter()
    steps[READING] = before - started - sum(steps.values())
    steps[CHECKPOINT] = ended - before
    peak = _peak_memory_mb()
    [degrees] = results.connection.execute(DEGREES).fetchnumpy().values()
    return (
        np.ma.filled(degrees, np.nan).reshape(len(asked.method_ids), -1),
        Outcome(ended - started, peak, database.stat().st_size, steps),
    )


def _peer(asked: Asked) -> tuple[np.ndarray, Outcome]:
    """Run a peer; return D, [methods, N], and what it took."""
    from coupling.bench.peers.listed import BY_NAME

    module = BY_NAME[asked.contestant].loaded()
    given = module.prepared(_panel(asked))
    _forget_peak()
    started = time.perf_counter()
    degrees = module.degrees(given)
    seconds = time.perf_counter() - started
    outcome = Outcome(seconds, _peak_memory_mb())
    return np.stack([degrees[name] for name in sorted(asked.method_ids)]), outcome


def _forget_peak() -> None:
    """Let the peak of memory begin anew where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_memory_mb() -> float:
    """Return the peak of this process, VmHWM; the other count takes in its parent."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        unit = 1 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 2**10


if __name__ == "__main__":
    main()
