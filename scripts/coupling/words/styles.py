"""Colours and lines that charts and legends share; nothing here draws."""

from dataclasses import dataclass

import pandas as pd

from coupling.words.language import _

INK = "#1f2933"
GRID = "#e3e7eb"
# Okabe and Ito's colours, which colour-blind readers tell apart, without the yellow
LINE_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
LINE_DASHES = ["", "7 3", "2 2", "9 3 2 3", "14 4"]
# amber to navy: lightness falls all the way, so it survives in grey
GRADE_ANCHORS = ["#f2c14e", "#b5c26b", "#62b58f", "#2b93a8", "#23689b", "#1b2f6b"]
# of a cell of D without a result
NO_RESULT = "#d3d9df"
# from this D on white reads better than black
WHITE_FROM = 0.7


@dataclass(frozen=True)
class LineStyle:
    """Label, colour and dash (an SVG stroke-dasharray, empty if solid) of a line."""

    label: str
    colour: str
    dash: str = ""


MEAN_DEGREE = "coupling_coordination_degree"


def mean_degree_style() -> LineStyle:
    """Return the style of the line of mean D."""
    return LineStyle(_("Coupling coordination degree D"), INK)


def line_styles(labels: dict[str, str]) -> dict[str, LineStyle]:
    """Return a style for each id of {id: label}; after thirty, styles repeat."""
    return {
        line: LineStyle(
            label,
            LINE_COLOURS[i % len(LINE_COLOURS)],
            LINE_DASHES[i % len(LINE_DASHES)],
        )
        for i, (line, label) in enumerate(labels.items())
    }


def grade_colours(grades: pd.DataFrame) -> dict[int, str]:
    """Return a colour for each grade level, light for the lowest to dark.

    Parameters
    ----------
    grades
        `study/grades`.

    """
    levels = grades["grade_level"].to_list()
    steps = max(len(levels) - 1, 1)
    return {level: _grade_colour(i / steps) for i, level in enumerate(levels)}


def degree_colours() -> dict[str, str]:
    """Return {degree as text: colour} of the ends and steps of the scale of D."""
    steps = len(GRADE_ANCHORS) - 1
    return {f"{i / steps:g}": colour for i, colour in enumerate(GRADE_ANCHORS)}


def degree_colour(degree: float) -> str:
    """Return the colour of a degree, 0 to 1, between the colours of the scale."""
    return _grade_colour(degree)


def _grade_colour(share: float) -> str:
    place = share * (len(GRADE_ANCHORS) - 1)
    below = min(int(place), len(GRADE_ANCHORS) - 2)
    channels = [
        round(low + (place - below) * (high - low))
        for low, high in zip(
            bytes.fromhex(GRADE_ANCHORS[below][1:]),
            bytes.fromhex(GRADE_ANCHORS[below + 1][1:]),
            strict=True,
        )
    ]
    return f"#{bytes(channels).hex()}"
