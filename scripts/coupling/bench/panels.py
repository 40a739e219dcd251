"""Panels of any size, drawn by a seed: plain values, and the rows of a study.

Values are log-normal, so skewed as yearbook figures are, and grow from year to year;
one cell in fifty is blank. Of one indicator in five less is better, and one in ten has
values below zero.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coupling.base.failures import ExitCode, RefreshError
from coupling.panels.rows import Source, StudyRows

FIRST_YEAR = 2000
SYSTEMS = ("first", "second")
LESS_IS_BETTER, BELOW_ZERO = 5, 10
GAPS = 0.02
DECIMALS = 6


@dataclass(frozen=True)
class Size:
    """Numbers of regions, years and indicators."""

    regions: int
    years: int
    indicators: int

    @classmethod
    def read(cls, text: str, least: tuple[int, int, int] = (2, 1, 2)) -> "Size":
        """Return the size that a text such as 279x20x20 says.

        Raises RefreshError if it says none, or less than `least`.
        """
        try:
            size = cls(*map(int, text.split("x")))
        except (TypeError, ValueError):
            size = None
        if size is None or any(
            number < lowest for number, lowest in zip(size.shape, least, strict=True)
        ):
            lowest = "x".join(map(str, least))
            raise RefreshError(
                f"found {text}; expected regions, years and indicators, {lowest} or"
                " more of these, such as 16x8x12",
                ExitCode.USAGE,
            )
        return size

    @property
    def shape(self) -> tuple[int, int, int]:
        """The numbers, in their order."""
        return self.regions, self.years, self.indicators

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.regions * self.years * self.indicators

    def __str__(self) -> str:
        """Write the size as it is read."""
        return "x".join(map(str, self.shape))


@dataclass(frozen=True)
class Panel:
    """What every contestant begins with.

    Attributes
    ----------
    size
        Of the panel: R regions, T years, J indicators.
    values
        [R x T, J], a row for each region and year, years within regions; NaN where
        blank. No region lacks an indicator in all years.
    is_less_better
        [J], whether less of an indicator is better.
    system
        [J], 0 or 1, the system that an indicator belongs to.

    """

    size: Size
    values: np.ndarray
    is_less_better: np.ndarray
    system: np.ndarray

    @property
    def members(self) -> list[np.ndarray]:
        """Columns of the indicators of each system."""
        return [np.flatnonzero(self.system == place) for place in range(len(SYSTEMS))]


def panel_of(size: Size, values: np.ndarray) -> Panel:
    """Return values as a panel, with what is known of its indicators."""
    place = np.arange(size.indicators)
    return Panel(
        size,
        values,
        place % LESS_IS_BETTER == LESS_IS_BETTER - 1,
        (place >= (size.indicators + 1) // 2).astype(int),
    )


def drawn_panel(size: Size, seed: int = 0) -> Panel:
    """Return a drawn panel; the same seed draws the same bytes."""
    draw = np.random.default_rng(seed)
    level = draw.lognormal(4, 1, (size.regions, 1, size.indicators))
    cells = draw.lognormal(0, 0.1, size.shape)
    cells *= level
    cells *= 1 + 0.03 * np.arange(size.years)[None, :, None]
    for place in range(BELOW_ZERO - 1, size.indicators, BELOW_ZERO):
        cells[..., place] -= np.median(cells[..., place])
    np.around(cells, DECIMALS, out=cells)
    blanks = draw.integers(0, size.cells, round(GAPS * size.cells))
    _blank(cells, blanks)
    return panel_of(size, cells.reshape(-1, size.indicators))


def _blank(cells: np.ndarray, blanks: np.ndarray) -> None:
    """Blank cells, [R, T, J], at flat places, but where a region would have none."""
    flat = cells.reshape(-1)
    before = flat[blanks]
    flat[blanks] = np.nan
    is_empty = np.isnan(cells).all(axis=1)
    regions, _, indicators = np.unravel_index(blanks, cells.shape)
    back = is_empty[regions, indicators]
    flat[blanks[back]] = before[back]


def study_of(panel: Panel) -> StudyRows:
    """Return the panel as a study of two systems, under no name that ships."""
    size = panel.size
    study_id = f"drawn_{size}"
    codes = np.array([f"r{place:06}" for place in range(size.regions)], dtype=object)
    series = [f"{study_id}__x{place:04}" for place in range(size.indicators)]
    figures = pd.DataFrame(panel.values, None, series)
    figures.insert(0, "region_code", np.repeat(codes, size.years))
    span = np.arange(FIRST_YEAR, FIRST_YEAR + size.years, dtype="int32")
    figures.insert(1, "year", np.tile(span, size.regions))
    tables = {
        "studies": pd.DataFrame(
            {
                "study_id": [study_id],
                "label": "Drawn",
                "first_year": FIRST_YEAR,
                "last_year": FIRST_YEAR + size.years - 1,
                "default_method_id": "entropy_topsis",
                "grade_scheme_id": "six_levels",
            }
        ),
        "systems": pd.DataFrame(
            {
                "study_id": study_id,
                "system_id": SYSTEMS,
                "position": (1, 2),
                "label": SYSTEMS,
                "contribution": 0.5,
            }
        ),
        "indicators": _catalogue(study_id, series, panel),
        "study_regions": pd.DataFrame({"study_id": study_id, "region_code": codes}),
        "regions": pd.DataFrame({"region_code": codes, "region": codes}),
        "series": pd.DataFrame(
            {"series_id": series, "chapter": "own", "label": series, "unit": "1"}
        ),
    }
    return StudyRows(study_id, tables, figures, Source("drawn.csv", "0" * 64))


def _catalogue(study_id: str, series: list[str], panel: Panel) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "study_id": study_id,
            "system_id": np.array(SYSTEMS, dtype=object)[panel.system],
            "indicator_id": [f"x{place:04}" for place in range(len(series))],
            "position": np.arange(1, len(series) + 1),
            "label": series,
            "unit": "1",
            "direction": np.where(panel.is_less_better, "-", "+"),
            "operator": "identity",
            "numerator": series,
            "scale": 1.0,
            "status": "measured",
        }
    )
