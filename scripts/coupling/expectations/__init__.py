"""Great Expectations at the gate: suites over the figures and over the new marts.

Great Expectations takes seconds to load, so nothing here loads it before it is asked
for, and `Background` runs the suites in a process of their own beside the build.
"""

from coupling.expectations.background import Background, BackgroundError
from coupling.expectations.figures import guard_inputs
from coupling.expectations.marts import guard_marts
from coupling.expectations.outcome import Check, Outcome, record

__all__ = [
    "Background",
    "BackgroundError",
    "Check",
    "Outcome",
    "guard_inputs",
    "guard_marts",
    "record",
]
