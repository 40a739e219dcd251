"""Turn what was understood of a file into figures in the units of the series."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cached_property, partial
from pathlib import Path

from coupling.base.texts import (
    DECIMAL_COMMA,
    NO_NUMBER,
    YEARS,
    clean,
    column_letter,
    key,
    number_text,
    read_figure,
)
from coupling.landing import columns
from coupling.landing.dictionary import Dictionary, Series, Unit
from coupling.landing.files import open_file
from coupling.landing.layouts import (
    Block,
    Cell,
    Fault,
    Options,
    count_labels,
    understand,
)
from coupling.landing.sheet import FileError, Sheet
from coupling.words.in_both import Both, in_both

SHOWN_FAULTS = 20
DIGITS = 50
# provinces rounded one by one seldom add up exactly
TOTAL_TOLERANCE = Decimal("0.005")

FigureKey = tuple[str, int, str]  # region_code, year, series_id


class RefusalError(Exception):
    """A file that is not landed: all reasons, one a line."""


@dataclass(frozen=True)
class Reject:
    """A cell that was left out: where, what it says, why."""

    sheet: str
    row: int
    column: str
    text: str
    reason: Both


@dataclass(frozen=True)
class Placed:
    """A figure in the unit of its series, and the cell that it was read from."""

    cell: Cell
    value: Decimal
    is_converted: bool


@dataclass
class Part:
    """What one series of one block came to, for the user to look at."""

    sheet: str
    place: str
    series_id: str
    unit_found: str
    unit: str
    factor: Decimal
    cells: list[Placed] = field(default_factory=list)
    regions: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    read: int = 0
    blank: int = 0
    converted: int = 0
    rejected: int = 0


@dataclass
class Reading:
    """Everything that a file says: figures by region, year and series, and remarks."""

    file_name: str
    content: bytes
    sha256: str
    parts: list[Part]
    values: dict[FigureKey, str]
    rejects: list[Reject]
    remarks: list[str]

    def count(self, what: str) -> int:
        """Cells read, blank, converted or rejected over all parts."""
        return sum(getattr(part, what) for part in self.parts)


def read_file(
    path: Path, dictionary: Dictionary, options: Options, sheet: str = ""
) -> Reading:
    """Read a yearbook file as far as it can be landed.

    Single cells that cannot stand are rejects. Raises RefusalError with every reason
    where a table is not understood as a whole.
    """
    try:
        opened = open_file(path, sheet, partial(count_labels, dictionary=dictionary))
    except FileError as error:
        raise RefusalError(str(error)) from error
    if opened.variables:
        _name_columns(opened.sheets[0].rows[0], opened.variables, dictionary)
    faults, remarks, parts, rejects = [], list(opened.remarks), [], []
    skipped: set[str] = set()
    for given in opened.sheets:
        one, done, found = columns.prepare(given, dictionary, options.skip)
        skipped |= found
        layout = understand(one, dictionary, options)
        faults += layout.faults
        where = f"sheet {one.name}: " if one.name else ""
        remarks += [where + remark for remark in (*done, *layout.remarks)]
        for block in layout.blocks:
            converter = _Converter(one, block, dictionary, options)
            parts += converter.convert()
            faults += converter.faults
            rejects += converter.rejects
            remarks += [f"{where}skipped {said}" for said in block.skipped]
            remarks += [where + remark for remark in converter.remarks]
    if said := columns.unknown(options.skip, skipped):
        raise RefusalError(f"{path.name}: {said}")
    if faults:
        raise RefusalError(describe(path.name, faults))
    values = _without_contradictions(parts, rejects)
    if not values:
        reason = (
            "every cell is rejected" if rejects else "there is no figure of a province"
        )
        first = f"; the first: {_shown(rejects[0])}" if rejects else ""
        raise RefusalError(f"{path.name}: nothing to land, since {reason}{first}")
    rejects.sort(key=lambda r: (r.sheet, r.row, len(r.column), r.column, r.reason.en))
    return Reading(
        path.name, opened.content, opened.sha256, parts, values, rejects, remarks
    )


def describe(name: str, faults: Iterable[Fault]) -> str:
    """All faults of a file as lines: sheet, row, column, found, expected.

    What is wrong in the same way in several rows of a column is told once.
    """
    lines = []
    rows: dict[Fault, list[int | None]] = {}
    for fault in dict.fromkeys(faults):
        rows.setdefault(replace(fault, row=None), []).append(fault.row)
    for alike, (row, *others) in rows.items():
        fault = replace(alike, row=row)
        place = [f"sheet {fault.sheet}"] if fault.sheet else []
        place += [f"row {fault.row}"] if fault.row else []
        place += (
            [f"column {column_letter(fault.column)}"]
            if fault.column is not None
            else []
        )
        where = ", ".join([name, *place])
        found = clean(fault.found)[:120]
        several = f", in {len(others) + 1} rows" if others else ""
        lines.append(f"{where}: found {found}{several}; expected {fault.expected}")
    more = len(lines) - SHOWN_FAULTS
    rest = [f"... and {more} more"] if more > 0 else []
    return "\n".join(lines[:SHOWN_FAULTS] + rest)


def _shown(reject: Reject) -> str:
    return (
        f"{reject.column}{reject.row} has {clean(reject.text)[:40]!r}, "
        f"{reject.reason.en}"
    )


class _Converter:
    """Reads the cells of one block as figures."""

    def __init__(self, sheet: Sheet, block: Block, dictionary: Dictionary, options):
        self.sheet = sheet
        self.block = block
        self.dictionary = dictionary
        self.option_unit = dictionary.unit(options.unit) if options.unit else None
        self.faults: list[Fault] = []
        self.rejects: list[Reject] = []
        self.remarks: list[str] = []

    def convert(self) -> list[Part]:
        """Figures of the block, one part per series and unit."""
        parts: dict[tuple, Part] = {}
        for cell in self.block.cells:
            series = self.dictionary.series[cell.series_id]
            figure = read_figure(cell.text)
            unit = self._unit(cell, series, figure.unit)
            if unit is None:
                continue
            own = self.dictionary.units[key(series.unit)]
            name = series.series_id, unit.dimension, unit.factor
            if name not in parts:
                parts[name] = self._part(series, unit, own)
            part = parts[name]
            part.read += 1
            if cell.region and cell.region.region_code:
                part.regions.add(cell.region.region_code)
            part.years.add(cell.year)
            self._place(part, cell, series, unit, own)
        if not self.faults:
            self._check_shares(parts)
            self._check_totals(parts)
        return list(parts.values())

    def _part(self, series: Series, unit: Unit, own: Unit) -> Part:
        return Part(
            self.sheet.name,
            self.block.place,
            series.series_id,
            unit.name,
            series.unit,
            unit.factor / own.factor,
        )

    def _unit(self, cell: Cell, series: Series, written: str) -> Unit | None:
        """The unit of a cell; None, with a fault, where there is none that fits."""
        own = self.dictionary.units[key(series.unit)]
        stated = cell.unit
        if self.option_unit and stated and not _alike(stated, self.option_unit):
            expected = f"{stated.name}, as the table says, and no other --unit"
            self._fault(cell, self.option_unit.name, expected)
            return None
        stated = stated or self.option_unit or (own if cell.names_unit else None)
        behind = self.dictionary.unit(written) if written else None
        if stated is None and behind is None:
            if (
                read_figure(cell.text).is_blank
                and cell.series_id in self._with_unit_behind
            ):
                return own
            expected = f"a unit, such as {series.unit}, in the heading or by --unit"
            self._fault(cell, f"no unit for {series.series_id}", expected)
            return None
        if stated and stated.dimension != own.dimension:
            because = f"since {series.series_id} is in {series.unit}"
            expected = f"a unit of {own.dimension}, {because}"
            self._fault(cell, stated.name, expected)
            return None
        if stated is None and behind and behind.dimension != own.dimension:
            return own  # the cell is rejected, with this reason
        return stated or behind

    @cached_property
    def _with_unit_behind(self) -> set[str]:
        """Series whose figures carry their units themselves."""
        return {c.series_id for c in self.block.cells if read_figure(c.text).unit}

    def _fault(self, cell: Cell, found: str, expected: str) -> None:
        fault = Fault(self.sheet.name, cell.row, cell.column, found, expected)
        # one line for a column, not one per row
        if not any(f.found == found and f.expected == expected for f in self.faults):
            self.faults.append(fault)

    def _place(
        self, part: Part, cell: Cell, series: Series, unit: Unit, own: Unit
    ) -> None:
        """Read one cell: a figure of its part, a blank, or a reject."""
        figure = read_figure(cell.text)
        if figure.is_blank:
            part.blank += 1
            return
        reason = in_both(figure.fault) if figure.fault else None
        if self.sheet.delimiter == ";" and DECIMAL_COMMA.fullmatch(clean(cell.text)):
            expected = "decimal points; figures with decimal commas are not read"
            self._fault(cell, cell.text, expected)
        if not reason and figure.unit:
            behind = self.dictionary.unit(figure.unit)
            if behind is None:
                reason = in_both(NO_NUMBER)
            elif not _alike(behind, unit):
                reason = in_both(
                    "{mark} behind a figure in {unit}",
                    mark=in_both(behind.name),
                    unit=in_both(unit.name),
                )
        if not reason and cell.year not in YEARS:
            reason = in_both(
                "the year {year} is not from {first} to {last}",
                year=cell.year,
                first=YEARS[0],
                last=YEARS[-1],
            )
        if not reason and figure.value is not None:
            value = convert(figure.value, unit, own)
            reason = _out_of_bounds(value, series)
        if reason:
            part.rejected += 1
            self.rejects.append(reject(self.sheet.name, cell, reason))
            return
        is_converted = unit.factor != own.factor
        part.converted += is_converted
        part.cells.append(Placed(cell, value, is_converted))

    def _check_shares(self, parts: dict) -> None:
        """Refuse stored shares of 1 that only look like per cent in the spreadsheet."""
        for part in parts.values():
            values = [abs(placed.value) for placed in part.cells]
            is_percent = self.dictionary.units[key(part.unit)].dimension == "share"
            if not (is_percent and self.sheet.is_binary and part.factor == 1):
                continue
            if self.option_unit is None and len(values) > 2 and max(values) <= 1:
                expected = "--unit % if these are per cent, --unit share if 1 is all"
                found = (
                    f"figures of {part.series_id} from {min(values)} to {max(values)}"
                )
                self.faults.append(Fault(self.sheet.name, None, None, found, expected))

    def _check_totals(self, parts: dict) -> None:
        """Compare printed totals with the sum of the provinces; remark differences."""
        sums: dict[tuple[str, int], dict[str, Decimal]] = {}
        for part in parts.values():
            for placed in part.cells:
                cell = placed.cell
                found = sums.setdefault((cell.series_id, cell.year), {})
                found[cell.region.region_code] = placed.value
        regions = self.dictionary.regions.values()
        provinces = {r.region_code for r in regions if r.is_province}
        for cell in self.block.totals:
            series = self.dictionary.series[cell.series_id]
            own = self.dictionary.units[key(series.unit)]
            figure = read_figure(cell.text)
            values = {
                code: value
                for code, value in sums.get((cell.series_id, cell.year), {}).items()
                if code in provinces
            }
            if figure.value is None or not own.is_additive or series.is_per_head:
                continue
            unit = self._unit(cell, series, figure.unit)
            if unit is None or unit.dimension != own.dimension:
                continue
            if set(values) != provinces:
                if values:
                    self.remarks.append(
                        f"total of {cell.series_id} {cell.year} not compared:"
                        f" {len(values)} of {len(provinces)} provinces have a figure"
                    )
                continue
            total = convert(figure.value, unit, own)
            added = sum(values.values(), Decimal(0))
            if abs(added - total) > TOTAL_TOLERANCE * abs(total):
                self.remarks.append(
                    f"WARNING: the provinces' {cell.series_id} of {cell.year} add up to"
                    f" {added:.10g}, the total in row {cell.row} is {total:.10g}"
                )


def convert(value: Decimal, unit: Unit, own: Unit) -> Decimal:
    """A value in `unit` in the unit of its series, exactly where decimals can."""
    if unit.factor == own.factor:
        return value
    with localcontext() as context:
        context.prec = DIGITS
        converted = (value * unit.factor / own.factor).normalize()
        return converted + 0


def _out_of_bounds(value: Decimal, series: Series) -> Both | None:
    if series.low is not None and value < series.low:
        return in_both(
            "less than {bound}, the least that {series} can be",
            bound=series.low,
            series=series.series_id,
        )
    if series.high is not None and value > series.high:
        return in_both(
            "more than {bound}, the most that {series} can be",
            bound=series.high,
            series=series.series_id,
        )
    return None


def _alike(one: Unit, other: Unit) -> bool:
    return (one.dimension, one.factor) == (other.dimension, other.factor)


def reject(sheet: str, cell: Cell, reason: Both) -> Reject:
    """A cell with the reason why it is left out."""
    return Reject(sheet, cell.row, column_letter(cell.column), cell.text, reason)


def _name_columns(heads: list[str], names: list[str], dictionary: Dictionary) -> None:
    """Give columns the names of their variables where these say more than labels."""
    for column, (label, name) in enumerate(zip(heads, names, strict=True)):
        if not dictionary.head(label).is_known and dictionary.head(name).is_known:
            heads[column] = name


def _without_contradictions(
    parts: list[Part], rejects: list[Reject]
) -> dict[FigureKey, str]:
    """Figures by key; where two cells of the file differ, all of them are rejected."""
    found: dict[FigureKey, list[tuple[Part, Placed]]] = {}
    for part in parts:
        for placed in part.cells:
            cell = placed.cell
            name = cell.region.region_code, cell.year, cell.series_id
            found.setdefault(name, []).append((part, placed))
    values, taken_out = {}, set()
    for name, several in found.items():
        if len({placed.value for _, placed in several}) == 1:
            values[name] = number_text(several[0][1].value)
            continue
        places = ", ".join(
            f"{p.sheet + '!' if p.sheet else ''}"
            f"{column_letter(placed.cell.column)}{placed.cell.row}"
            for p, placed in several[:5]
        )
        region, year, series_id = name
        for part, placed in several:
            reason = in_both(
                "{series} of {region} in {year} has different values in {places}",
                series=series_id,
                region=region,
                year=year,
                places=places,
            )
            rejects.append(reject(part.sheet, placed.cell, reason))
            taken_out.add(id(placed))
            part.rejected += 1
            part.converted -= placed.is_converted
    for part in parts:
        part.cells = [placed for placed in part.cells if id(placed) not in taken_out]
    return values
