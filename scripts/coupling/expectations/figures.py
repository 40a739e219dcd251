"""What is expected of figures, shipped and a user's own, before they are built on.

The models behind quality.qc_figure_expectations measure it; here they are worked out
in memory, while dbt builds: a figure that cannot be right stops what is built on it.
"""

import pandas as pd

from coupling.base.connections import connect
from coupling.base.paths import Paths, using
from coupling.engine.engine import DATABASE, build_tables
from coupling.expectations.judge import judge
from coupling.expectations.outcome import Outcome

MEASURES = "qc_figure_expectations"


def guard_inputs(paths: Paths) -> Outcome:
    """Judge the chapters in seeds/yearbook and the figures of the workspace.

    A workspace figure is compared with the shipped ones, in the place of the one that
    it overrides; shipped figures with shipped ones alone.
    """
    return Outcome(judge(measure(paths), "figures"))


def measure(paths: Paths) -> pd.DataFrame:
    """Return the table of measures, by suite, expectation and column."""
    with connect() as connection, using(paths.workspace):
        build_tables(connection, paths.project, [MEASURES])
        return connection.execute(f"""
            from {DATABASE}.quality.{MEASURES}
            order by suite, expectation, column_name
        """).df()
