"""Coupling Warehouse: commands, the work of a refresh, and studies from Python.

    import coupling
    r = coupling.study(frame, systems={...}, negative=[...])

What the package exports is loaded when it is first asked for.
"""

EXPORTED = {"study": "coupling.studies.interface"}


def __getattr__(name: str):
    """Load what the package exports."""
    if name not in EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(EXPORTED[name]), name)


def __dir__() -> list[str]:
    """Return the names that the package exports beside its own."""
    return sorted([*globals(), *EXPORTED])
