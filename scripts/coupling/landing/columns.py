"""Columns of a flat table that are no figures, and headings that say too little.

Before a sheet is read, columns that count rows or name groups of regions are left out,
and so are those that the user skips. Columns of regions, years or series without a
heading, or under one such as `name` and `date`, get the heading that their cells ask
for; dates that end the same day each year become years.
"""

import re
from dataclasses import replace

from coupling.base.texts import clean, column_letter, key, read_year
from coupling.landing.dictionary import Dictionary, Head
from coupling.landing.sheet import Sheet

COUNTS = {key(word) for word in ("id", "no", "no.", "index", "序号", "编号", "#")}
# headings under which anything may stand
GENERIC = {key(word) for word in ("", "name", "名称", "date", "日期", "key", "label")}
HEADINGS = {"region": "region", "year": "year", "series_id": "series"}
DATE = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2}-[0-9]{2})(?:[T ]00:00(?::00)?)?")
MOST_HEADING_ROWS = 20


def prepare(
    sheet: Sheet, dictionary: Dictionary, skipped: tuple[str, ...] = ()
) -> tuple[Sheet, list[str], set[str]]:
    """Return a sheet with columns left out and headings filled in.

    Also returns remarks on what was done, and which of `skipped` there were.
    """
    rows = [list(row) for row in sheet.rows]
    head = _heading_row(rows)
    if head is None:
        return sheet, [], set()
    remarks, found, wanted = [], set(), set(map(key, skipped))
    width = max(map(len, rows))
    for row in rows[head:]:
        row += [""] * (width - len(row))
    columns = [[row[j] for row in rows[head + 1 :]] for j in range(width)]
    kinds = [_kind(column, dictionary) for column in columns]
    coarse = _provinces_beside(columns, kinds, dictionary)
    for j, column in enumerate(columns):
        heading, letter = rows[head][j], column_letter(j)
        named = {key(heading), letter.casefold()} & wanted
        why = ""
        if named:
            found |= named
            why = "as --skip says"
        elif key(heading) in COUNTS | {""} and _counts(column):
            why = "it counts the rows"
        elif kinds[j] == "group" and "region" in kinds:
            why = "it names groups of regions"
        elif j in coarse:
            why = f"it names the provinces of those in column {coarse[j]}"
        if why:
            shown = f"{letter} {clean(heading)}".strip()
            remarks.append(f"column {shown}: left out, {why}")
            for row in rows[head:]:
                row[j] = ""
            continue
        years = _years(column)
        if years is not None:
            for row, year in zip(rows[head + 1 :], years, strict=True):
                row[j] = year
            kinds[j] = "year"
            remarks.append(
                f"column {letter}: dates, each the end of its year, as years"
            )
        if key(heading) in GENERIC and kinds[j] in HEADINGS:
            rows[head][j] = HEADINGS[kinds[j]]
            shown = clean(heading) or "without a heading"
            remarks.append(f"column {letter}, {shown}: read as {HEADINGS[kinds[j]]}")
    return replace(sheet, rows=rows) if remarks else sheet, remarks, found


def unknown(skipped: tuple[str, ...], found: set[str]) -> str:
    """Say which columns to skip were nowhere, '' if none."""
    missing = [name for name in skipped if key(name) not in found]
    if not missing:
        return ""
    return (
        f"--skip: found {', '.join(missing)}; expected headings or letters of "
        "columns, such as --skip id --skip D"
    )


def _heading_row(rows: list[list[str]]) -> int | None:
    """The first row with two cells or more; the table is under it.

    One cell is enough if it does not stand first and the next row has three or more.
    """
    filled = [sum(bool(clean(text)) for text in row) for row in rows]
    for place, row in enumerate(rows[:MOST_HEADING_ROWS]):
        below = filled[place + 1] if place + 1 < len(rows) else 0
        is_lone = filled[place] == 1 and not clean(row[0]) and below > 2
        if filled[place] > 1 or is_lone:
            return place if place + 1 < len(rows) else None
    return None


def _kind(column: list[str], dictionary: Dictionary) -> str:
    """What all cells of a column name: region, group, year, series_id; or ''."""
    found = ""
    for text in filter(clean, column):
        kind = _kind_of(dictionary.head(text))
        # most columns are figures, and known as such from their first cell
        if not kind or found not in ("", kind):
            return ""
        found = kind
    return found


def _kind_of(head: Head) -> str:
    if head.region is not None:
        return {"total": "region"}.get(head.region.kind, head.region.kind)
    return "year" if head.year else "series_id" if head.series_id else ""


def _provinces_beside(
    columns: list[list[str]], kinds: list[str], dictionary: Dictionary
) -> dict[int, str]:
    """Columns of provinces in which the regions of another lie, and its letter."""
    regions = {
        j: [dictionary.region(text) if clean(text) else None for text in columns[j]]
        for j, kind in enumerate(kinds)
        if kind == "region"
    }
    found = {}
    for j, coarse in regions.items():
        if not all(one is None or one.is_province for one in coarse):
            continue
        for other, fine in regions.items():
            pairs = [(p, c) for p, c in zip(coarse, fine, strict=True) if p and c]
            if any(not c.is_province for _, c in pairs) and all(
                p.region_code[:2] == c.region_code[:2] for p, c in pairs
            ):
                found[j] = column_letter(other)
    return found


def _counts(column: list[str]) -> bool:
    """Say whether cells count 0, 1, 2 or 1, 2, 3, or name each row by a number."""
    texts = [clean(text) for text in column if clean(text)]
    if len(texts) < 2 or not all(text.isdecimal() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (
        not all(read_year(text) for text in texts)
    )


def _years(column: list[str]) -> list[str] | None:
    """Years of dates that are the same day of each; None for what is none."""
    texts = [clean(text) for text in column]
    given = [text for text in texts if text]
    matches = [match for text in given if (match := DATE.fullmatch(text))]
    are_dates = matches and len(matches) == len(given)
    if not are_dates or len({match[2] for match in matches}) > 1:
        return None
    return [text[:4] for text in texts]
