"""A study from Python: a frame in, frames out, by the statements of the warehouse.

r = coupling.study(frame, systems={"Economy": ["gdp"], "Nature": ["parks"]})
r.coupling, r.scores, r.weights, r.obstacles, r.values, r.methods_text
r.save("results.dta")
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd

from coupling.answers import frames
from coupling.base.names import NotThereError
from coupling.engine.engine import Results, evaluate
from coupling.studies.adaptor import from_frame
from coupling.words.language import ENGLISH, LANGUAGES, speaking

DEFAULT_METHOD = "entropy_topsis"


class Study:
    """The results of a study: frames with names joined on, in one language.

    Every degree, score, weight, normalised value and obstacle degree has no unit and
    lies between 0 and 1; `raw_value` has the unit of its indicator.
    """

    def __init__(self, results: Results, language: str = ENGLISH) -> None:
        """Take the results of an engine."""
        self.results, self.language = results, language

    @cached_property
    def weights(self) -> pd.DataFrame:
        """One row per indicator: weight in its system and in the study."""
        return self._frame("weights")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row per region, year and system: score and rank."""
        return self._frame("scores")

    @cached_property
    def coupling(self) -> pd.DataFrame:
        """One row per region and year: C, T, D, grade, lagging system and rank."""
        return self._frame("coupling")

    @cached_property
    def obstacles(self) -> pd.DataFrame:
        """One row per region, year and indicator in use: its obstacle degree."""
        return self._frame("obstacles")

    @cached_property
    def values(self) -> pd.DataFrame:
        """One row per region, year and indicator: value, origin, normalised value."""
        return self._frame("values")

    @cached_property
    def panel(self) -> pd.DataFrame:
        """One row per region and year with everything about it, a column each."""
        with speaking(self.language):
            return frames.panel(self.results)[0]

    @cached_property
    def methods_text(self) -> str:
        """Every choice of the method in sentences, a paragraph a step."""
        from coupling.answers.texts import methods_text

        with speaking(self.language):
            return methods_text(self.results)

    def save(self, path: str | Path) -> list[Path]:
        """Write the results to a file, of the kind that its name ends in.

        Endings are .xlsx, .csv, .dta, .sav, .parquet and .html; a name without one is
        a folder with a .csv file a table. Returns the files written.
        """
        from coupling.answers import exports

        with speaking(self.language):
            return exports.save(self.results, Path(path))

    def __repr__(self) -> str:
        """Return what the study is and how far the systems are coordinated."""
        found = self.coupling
        last = found[found["year"] == found["year"].max()]
        return (
            f"<coupling.Study: {found['region_code'].nunique()} regions, "
            f"{found['year'].min()} to {found['year'].max()}, mean D in the last year "
            f"{last['coupling_coordination_degree'].mean():.4f}>"
        )

    def _frame(self, name: str) -> pd.DataFrame:
        with speaking(self.language):
            return frames.FRAMES[name](self.results)


def study(
    frame: pd.DataFrame,
    systems: Mapping[str, Iterable[str]],
    *,
    negative: Iterable[str] = (),
    method: str = DEFAULT_METHOD,
    region: str = "region",
    year: str = "year",
    weights: Mapping[str, float] | None = None,
    units: Mapping[str, str] | None = None,
    contributions: Mapping[str, float] | None = None,
    grade_scheme: str = "six_levels",
    name: str = "study",
    lang: str = ENGLISH,
) -> Study:
    """Work out how far systems are coupled and coordinated.

    Parameters
    ----------
    frame
        A wide panel: a row per region and year, a column per indicator; blanks are
        filled as the method text says.
    systems
        {name of a system: columns of its indicators}, two or more systems.
    negative
        Columns of which less is better.
    method
        A method of the warehouse, such as 'entropy_topsis' or 'entropy_linear'.
    region, year
        The columns that say which region and which calendar year a row is of.
    weights
        {column: weight}, a number for each column; they take the place of the weights
        that the method works out. In a system they are brought to add up to 1.
    units
        {column: unit}, a text each.
    contributions
        {system: contribution to T}, adding up to 1; by default all alike.
    grade_scheme
        Of `seeds/reference/grade_schemes.csv`.
    name
        Title of the study.
    lang
        'en' or 'zh': the language of grades, reasons and texts.

    Raises
    ------
    ValueError
        What is given is no study; the message says what was found and expected.

    """
    if lang not in LANGUAGES:
        raise ValueError(f"lang: found {lang!r}; expected one of {sorted(LANGUAGES)}")
    stated = {system: list(columns) for system, columns in systems.items()}
    try:
        rows = from_frame(
            frame,
            stated,
            negative=list(negative),
            method=method,
            region=region,
            year=year,
            weights=weights,
            units=units,
            contributions=contributions,
            grade_scheme=grade_scheme,
            name=name,
        )
        return Study(evaluate(rows), lang)
    except NotThereError as error:
        raise ValueError(str(error)) from error
