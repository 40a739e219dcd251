"""The peers by name: what each needs, which methods it works out, and how."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from coupling.base.names import known
from coupling.bench.panels import Panel
from coupling.bench.peers.formulas import NINE_METHODS, ONE_METHOD


@dataclass(frozen=True)
class Peer:
    """One way to work the core out.

    Attributes
    ----------
    name
        As users say it.
    package
        What must be installed, as Python imports it.
    module
        Of this room; its `prepared` makes what is in memory before the clock starts,
        its `degrees` works out D of each method.
    method_ids
        What it works out.

    """

    name: str
    package: str
    module: str
    method_ids: tuple[str, ...] = NINE_METHODS

    @property
    def is_installed(self) -> bool:
        """Whether its package is there."""
        return find_spec(self.package) is not None

    def loaded(self) -> ModuleType:
        """Return its module, with its package loaded."""
        return import_module(f"{__package__}.{self.module}")

    def degrees(self, panel: Panel) -> dict[str, np.ndarray]:
        """Return D of each method, [N], of a panel."""
        module = self.loaded()
        return module.degrees(module.prepared(panel))


PEERS = (
    Peer("numpy", "numpy", "in_numpy"),
    Peer("polars", "polars", "in_polars"),
    Peer("pandas", "pandas", "in_pandas"),
    Peer("pymcdm", "pymcdm", "in_pymcdm", (ONE_METHOD,)),
    Peer("scikit-criteria", "skcriteria", "in_skcriteria", (ONE_METHOD,)),
)
BY_NAME = {peer.name: peer for peer in PEERS}


def chosen(text: str) -> list[Peer]:
    """Return the peers that a text names with commas between; 'none' names none.

    Raises NotThereError if there is no peer of a name.
    """
    names = [part.strip() for part in text.split(",") if part.strip()]
    if names == ["none"]:
        return []
    for name in names:
        known("peer", name, [*BY_NAME])
    return [peer for peer in PEERS if peer.name in names or not names]
