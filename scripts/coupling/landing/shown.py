"""Show what was understood of a file before anything is written."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coupling.base.texts import column_letter, number_text, visible
from coupling.landing.figures import Part, Reading

SAMPLE = 5
SHOWN_REJECTS = 10
SHOWN_REMARKS = 20


def show(console: Console, reading: Reading) -> None:
    """Print a table of the parts of a file, a sample of cells, rejects and remarks."""
    _print(console, f"{reading.file_name}: what was understood")
    for where, parts in _by_block(reading).items():
        table = Table(title=_text(where), box=SIMPLE_HEAD, title_justify="left")
        for heading in ("series", "unit", "regions", "years"):
            table.add_column(heading, overflow="fold")
        for heading in ("read", "blank", "converted", "rejected"):
            table.add_column(heading, justify="right", overflow="fold")
        for part in parts:
            table.add_row(*map(_text, _row(part)))
        console.print(table)
    sample = Table(title=_text("sample"), box=SIMPLE_HEAD, title_justify="left")
    for heading in ("cell", "found", "region", "year", "series", "landed", "unit"):
        sample.add_column(heading, overflow="fold")
    for part, placed in _sample(reading):
        cell = placed.cell
        value, region = number_text(placed.value), cell.region.region_code
        sample.add_row(
            *map(
                _text,
                (
                    f"{column_letter(cell.column)}{cell.row}",
                    f"{cell.text} {part.unit_found}",
                    " ".join(dict.fromkeys((cell.region.name, region))),
                    str(cell.year),
                    cell.series_id,
                    value,
                    part.unit,
                ),
            )
        )
    console.print(sample)
    for reject in reading.rejects[:SHOWN_REJECTS]:
        where = f"{reject.sheet} {reject.column}{reject.row}".strip()
        _print(console, f"  rejected {where}: found {reject.text}; {reject.reason.en}")
    _say_rest(console, len(reading.rejects) - SHOWN_REJECTS, "rejected cells")
    remarks = sorted(reading.remarks, key=lambda remark: "WARNING" not in remark)
    for remark in remarks[:SHOWN_REMARKS]:
        _print(console, f"  {remark}")
    _say_rest(console, len(remarks) - SHOWN_REMARKS, "remarks")


def _by_block(reading: Reading) -> dict[str, list[Part]]:
    blocks: dict[str, list[Part]] = {}
    for part in reading.parts:
        blocks.setdefault(f"{part.sheet} {part.place}".strip(), []).append(part)
    return blocks


def _row(part: Part) -> tuple[str, ...]:
    years = sorted(part.years)
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else str(years[0])
    span += f", {len(years)} of them" if len(years) <= years[-1] - years[0] else ""
    factor = number_text(part.factor.normalize())
    unit = part.unit_found
    if part.factor != 1:
        unit = f"{unit} x {factor} = {part.unit}"
    return (
        part.series_id,
        unit,
        str(len(part.regions)),
        span,
        f"{part.read:,}",
        f"{part.blank:,}",
        f"{part.converted:,}",
        f"{part.rejected:,}",
    )


def _sample(reading: Reading) -> list:
    """Some cells from the first to the last, of as many parts as can be."""
    firsts = [(part, part.cells[0]) for part in reading.parts if part.cells]
    if len(firsts) >= SAMPLE:
        step = len(firsts) / SAMPLE
        return [firsts[int(i * step)] for i in range(SAMPLE)]
    every = [(part, placed) for part in reading.parts for placed in part.cells]
    step = max(1, (len(every) - 1) / (SAMPLE - 1))
    places = {min(len(every) - 1, round(i * step)) for i in range(SAMPLE)}
    return [every[place] for place in sorted(places)]


def _say_rest(console: Console, more: int, what: str) -> None:
    if more > 0:
        _print(console, f"  ... and {more:,} more {what}")


def _text(text: str) -> Text:
    # a Text is never read as markup
    return Text(visible(text, 60))


def _print(console: Console, text: str) -> None:
    console.print(Text(visible(text)), soft_wrap=True)
