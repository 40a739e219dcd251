"""The series that there are: found by a word, told with years, regions and quality."""

from pathlib import Path
from typing import Any, Literal

import duckdb
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coupling.base.connections import connect
from coupling.base.names import NotThereError
from coupling.panels.words import words_in

# a series and level has a row, whatever its sources
QUERY = """
    select
        series.series_id,
        series.label,
        series.label_zh,
        series.unit,
        coverage.region_level,
        min(coverage.first_year) as first_year,
        max(coverage.last_year) as last_year,
        max(coverage.region_count) as region_count,
        sum(coverage.figure_count) as figure_count,
        string_agg(distinct coverage.quality, ', ' order by coverage.quality)
            as quality
    from marts.dim_series as series
    inner join marts.dim_series_coverage as coverage
        on series.series_id = coverage.series_id
    where
        contains(
            lower(concat_ws(' ', series.series_id, series.label, series.label_zh)),
            lower($word)
        )
        and coalesce(coverage.region_level = $level, true)
    group by all
    order by series.series_id, coverage.region_level desc
"""


def find_series(
    database: Path, word: str = "", level: str | None = None
) -> list[dict[str, Any]]:
    """Return what there is of the series with a word in their name or label.

    Parameters
    ----------
    database
        The published database; it is opened read-only.
    word
        A part of a series_id or of a label in either language; all series without one.
    level
        Only figures of regions of this level.

    Returns
    -------
    list of dict
        A row per series and level of regions: series_id, label, label_zh, unit,
        region_level, first_year, last_year, region_count (regions of the source with
        most), figure_count, quality (letters of all its sources).

    Raises
    ------
    NotThereError
        There is no published database, it is of an older build, or no series fits.

    """
    if not database.is_file():
        raise NotThereError(
            "There is no published database yet: run coupling refresh first."
        )
    with connect(str(database), read_only=True) as con:
        try:
            result = con.execute(QUERY, {"word": word, "level": level})
        except duckdb.CatalogException as error:
            raise NotThereError(
                "The published database is of an older build: run coupling refresh."
            ) from error
        names = [column[0] for column in result.description]
        found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if not found:
        of_level = f" of level {level}" if level else ""
        raise NotThereError(
            f"No series{of_level} has {word!r} in its name or label. Try a shorter"
            " word, or none for all series."
        )
    return found


def print_series(found: list[dict[str, Any]], console: Console, language: str) -> None:
    """Print rows of `find_series` as a table, labels in the language."""
    words = words_in(language)
    table = Table(box=SIMPLE_HEAD)
    columns: tuple[tuple[str, str, Literal["left", "right"]], ...] = (
        ("series", "序列", "left"),
        ("label", "名称", "left"),
        ("unit", "单位", "left"),
        ("regions of level", "地区层级", "left"),
        ("regions", "地区数", "right"),
        ("years", "年份", "left"),
        ("figures", "数值数", "right"),
        ("quality", "质量", "left"),
    )
    for english, chinese, justify in columns:
        table.add_column(words(english, chinese), justify=justify, overflow="fold")
    for row in found:
        years = f"{row['first_year']}-{row['last_year']}"
        cells = (
            row["series_id"],
            words(row["label"], row["label_zh"]),
            row["unit"],
            row["region_level"],
            f"{row['region_count']:,}",
            years if row["first_year"] < row["last_year"] else years[:4],
            f"{row['figure_count']:,.0f}",
            row["quality"],
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    series = len({row["series_id"] for row in found})
    console.print(words(f"{series} series", f"{series} 个序列"), highlight=False)
