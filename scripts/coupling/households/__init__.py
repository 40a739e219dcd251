"""Household surveys: landing, imputation, detectors, clusters and explanations.

Where polars is installed, DuckDB imports it from whichever thread first asks for a
table by name, and scikit-learn trips over it half imported in another. So it is
imported here, before any learner.
"""

from contextlib import suppress

with suppress(ImportError):
    import polars  # noqa: F401
