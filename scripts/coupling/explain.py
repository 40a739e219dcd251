"""Where a degree comes from: the chain of one region and year, printed or written."""

from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from coupling.base.connections import connect
from coupling.base.names import NotThereError, known, nearest
from coupling.pages import chains
from coupling.pages.pages import chain_path
from coupling.queries.ask import ask_if_there, ask_rows
from coupling.words.phrases import speaker
from coupling.words.tables import EN_DASH, degree, percent, signed

ZH_SUFFIXES = (
    "省",
    "市",
    "自治区",
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "特别行政区",
)
# written into every workbook, so that the same chain gives the same bytes
CREATED = datetime(2000, 1, 1)


class ExplainError(NotThereError):
    """What was asked for is not there; the message says what is."""


def find_chain(
    database: Path,
    study: str,
    region: str,
    year: int,
    method: str | None = None,
    language: str = "en",
) -> dict:
    """Return the chain of one region and year, as `chains.read_chains` gives it.

    Parameters
    ----------
    database
        The published database; it is opened read-only.
    study, method
        Their ids; the method is by default that of the study.
    region
        Its code, its English name, or its Chinese name, also in full (浙江, 浙江省).
    year
        A calendar year of the study.
    language
        'en' or 'zh'.

    Raises
    ------
    NotThereError
        There is no database, study, region, method or year of this name, or the
        database was built before there were chains.

    """
    if not database.is_file():
        raise ExplainError(
            "There is no published database yet: run coupling refresh first."
        )
    with connect(str(database), read_only=True) as con:
        if ask_if_there(con, "explain/has_chains") is None:
            raise ExplainError(
                "The published database holds no chains: run coupling refresh first."
            )
        studies = {row["study_id"]: row for row in ask_rows(con, "explain/studies")}
        study_id = known("study", study, list(studies))
        if method is not None:
            rows = ask_rows(con, "explain/methods", study_id=study_id)
            method = known("method", method, [row["method_id"] for row in rows])
        region_code = _region_code(
            ask_rows(con, "explain/regions", study_id=study_id), study_id, region
        )
        first, last = (studies[study_id][end] for end in ("first_year", "last_year"))
        if not first <= year <= last:
            raise ExplainError(
                f"Study {study_id} has no year {year}; there are {first} to {last}."
            )
        [chain] = chains.read_chains(con, study_id, method, region_code, year, language)
    return chain


def _region_code(rows: list[dict], study_id: str, asked: str) -> str:
    regions = [(row["region_code"], row["region"], row["name_zh"]) for row in rows]
    own = {row["region_code"] for row in rows if row["is_own"]}
    inside = [row for row in regions if row[0] in own]
    names = [name for row in inside for name in row]
    listed = [f"{region} ({code})" for code, region, _ in inside]
    found = _best_named(asked.strip(), inside) or _best_named(asked.strip(), regions)
    if found[1:] and found[0][0] in own:
        several = ", ".join(f"{region} ({code})" for code, region, _ in found)
        raise ExplainError(
            f"Study {study_id} has several regions named {asked!r}: {several}. "
            "Give the code of one."
        )
    if not found:
        raise ExplainError(
            f"There is no region {asked!r}. {nearest(asked, names, listed)}"
        )
    code, region, _ = found[0]
    if code not in own:
        raise ExplainError(
            f"{region} is not in study {study_id}. There are: {', '.join(listed)}."
        )
    return code


def _best_named(asked: str, regions: list[tuple]) -> list[tuple]:
    """Return the region of a code; failing that all of a name, or of a name in full."""
    names = asked.casefold()
    tried = (
        lambda code, *_names: code == asked,
        lambda _code, region, zh: names in (region.casefold(), zh.casefold()),
        lambda _code, _region, zh: asked in {zh + suffix for suffix in ZH_SUFFIXES},
    )
    for is_it in tried:
        found = [row for row in regions if is_it(*row)]
        if found:
            return found
    return []


# --- on the screen ----------------------------------------------------------------


def print_chain(chain: dict, console: Console) -> None:
    """Print sentences, results and a table per system of a chain of one year."""
    say = speaker(chain["language"])
    [row] = chain["years"]
    console.print(
        f"\n[bold]{escape(say('title', region=chain['region']['label']))}[/bold], "
        f"{row['year']}"
    )
    console.print(
        f"{chain['study']['label']}; {chain['method']['label']}", markup=False
    )
    console.print()
    for sentence in row["sentences"]:
        console.print(sentence, markup=False, highlight=False)
    if row["status"] == "computed":
        console.print(_facts(row, say))
    for system in row["systems"]:
        console.print()
        if system["indicators"]:
            console.print(_system_table(chain, system, say))
            console.print(_figure_table(chain, system, say))
        else:
            console.print(f"{system['label']}: {say('no_indicator')}", markup=False)
    console.print(f"\n[bold]{escape(say('sources'))}[/bold]")
    for series in chain["series"]:
        quality = f" ({series['quality']})" if series["quality"] else ""
        console.print(
            f"{series['label']}{quality}: {series['citation']}",
            markup=False,
            highlight=False,
        )


def _facts(row: dict, say) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for phrase, value in facts(row, say):
        table.add_row(escape(phrase), escape(value))
    return table


def facts(row: dict, say) -> list[tuple[str, str]]:
    """Return (name, value) of the results of a year that is computed."""
    return [
        (say("degree"), degree(row["degree"])),
        (say("coupling"), degree(row["coupling"])),
        (say("index"), degree(row["index"])),
        (say("grade"), row["grade"]),
        (say("rank"), say("rank_of", rank=row["rank"], count=row["ranked_count"])),
        (
            say("change_of_degree"),
            EN_DASH if row["change"] is None else signed(row["change"]),
        ),
        (say("lagging"), row["lagging_system"] or say("synchronous")),
    ]


def _system_table(chain: dict, system: dict, say) -> Table:
    note = say(
        "system_note",
        score=degree(system["score"]),
        alpha=degree(system["contribution"]),
    )
    table = Table(title=escape(f"{system['label']}: {note}"), title_justify="left")
    for phrase in ("indicator", "value"):
        table.add_column(escape(say(phrase)))
    parts = [phrase for _, phrase in chains.contribution_columns(chain["method"])]
    for phrase in ("normalised", "weight", *parts, "part_of_change", "obstacle"):
        table.add_column(escape(say(phrase)), justify="right")
    for _, name, _, value, unit, _, _, numbers in chains.printed(chain, system):
        table.add_row(*map(escape, (name, f"{value} {unit}".strip(), *numbers)))
    table.add_section()
    blanks = [""] * (3 + len(parts))
    totals = [
        chains.contribution(system["part_of_change"]),
        percent(system["obstacle_degree"]),
    ]
    table.add_row(escape(system["label"]), *blanks, *totals, style="bold")
    return table


def _figure_table(chain: dict, system: dict, say) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for phrase in ("indicator", "figures", "origin", "scale"):
        table.add_column(escape(say(phrase)))
    for code, _, figures, _, _, origin, scale, _ in chains.printed(chain, system):
        lines = [f"{figure} {label}{letter}" for figure, _, label, letter in figures]
        text = "\n".join(lines) or say("no_figure")
        table.add_row(*map(escape, (code, text, origin, scale)))
    return table


# --- as a file --------------------------------------------------------------------


def write_html(chain: dict, path: Path) -> None:
    """Write the chain as one self-contained page, the same as those of the site."""
    path.write_text(chains.chain_alone(chain), encoding="utf-8", newline="\n")


def write_xlsx(chain: dict, path: Path) -> None:
    """Write a workbook: a cover, the chain and its figures, a row each.

    The same chain gives the same bytes; no text becomes a formula or a link.
    """
    import xlsxwriter

    say = speaker(chain["language"])
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows, widths in (
            ("sheet_cover", cover_rows(chain), (28, 100)),
            ("sheet_chain", chain_rows(chain), (24, 12, 36)),
            ("sheet_figures", figure_rows(chain), (12, 36, 24)),
        ):
            sheet = book.add_worksheet(say(name))
            header = name != "sheet_cover"
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    is_head = i == 0 if header else j == 0
                    _write_cell(sheet, i, j, value, bold if is_head else None)
            for j, width in enumerate(widths):
                sheet.set_column(j, j, width)
            if header:
                sheet.freeze_panes(1, 0)


def _write_cell(sheet, row: int, column: int, value, form) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, form)
    elif value is not None:
        sheet.write_number(row, column, value, form)


def cover_rows(chain: dict) -> list[tuple[str, str]]:
    """Return (name, text): what the workbook is about and how to read it."""
    say = speaker(chain["language"])
    [row] = chain["years"]
    results = facts(row, say) if row["status"] == "computed" else []
    return [
        (say("title", region=chain["region"]["label"]), ""),
        (say("study"), f"{chain['study']['label']} ({chain['study']['study_id']})"),
        (
            say("region"),
            f"{chain['region']['label']} ({chain['region']['region_code']})",
        ),
        (say("year"), str(row["year"])),
        (say("method"), f"{chain['method']['label']} ({chain['method']['method_id']})"),
        *(("", sentence) for sentence in row["sentences"]),
        *results,
        (say("how_to_read"), ""),
        *(
            ("", sentence)
            for sentence in chains.reading(chain["method"], chain["language"])
        ),
    ]


def chain_rows(chain: dict) -> list[tuple]:
    """Return a header and a row per indicator, numbers in full."""
    say = speaker(chain["language"])
    parts = chains.contribution_columns(chain["method"])
    columns = [
        ("normalised_value", "normalised"),
        ("weight", "weight"),
        *parts,
        ("part_of_score_change", "part_of_score_change"),
        ("part_of_change", "part_of_change"),
        ("obstacle_degree", "obstacle"),
        ("status", "status"),
    ]
    head: tuple[str, ...] = (
        "system",
        "score",
        "indicator",
        "value",
        "unit",
        "origin",
        "smallest",
    )
    head += ("largest", "direction", *(phrase for _, phrase in columns))
    rows = [tuple(say(phrase) for phrase in head)]
    for system in chain["years"][0]["systems"]:
        for row in system["indicators"]:
            rows.append(
                (
                    system["label"],
                    system["score"],
                    f"{row['indicator_id']} {row['label']}",
                    row["raw_value"],
                    row["unit"],
                    row["origin"],
                    row["min_value"],
                    row["max_value"],
                    row["direction"],
                    *(row[key] for key, _ in columns),
                )
            )
    return rows


def figure_rows(chain: dict) -> list[tuple]:
    """Return a header and a row per figure, with its source."""
    say = speaker(chain["language"])
    head = ("indicator", "series", "role", "figure_year", "figure", "unit", "quality")
    rows = [tuple(say(phrase) for phrase in (*head, "source", "quality_note"))]
    for system in chain["years"][0]["systems"]:
        for row in system["indicators"]:
            for figure in row["figures"]:
                series = figure["series"]
                rows.append(
                    (
                        f"{row['indicator_id']} {row['label']}",
                        series["label"],
                        figure["role_label"],
                        figure["figure_year"],
                        figure["figure"],
                        series["unit"],
                        figure["quality"],
                        series["citation"],
                        series["quality_note"],
                    )
                )
    return rows


WRITERS = {"html": write_html, "xlsx": write_xlsx}


def write_chain(chain: dict, kind: str, path: Path | None = None) -> Path:
    """Write a chain as 'html' or 'xlsx' and return where it is.

    Without a path it goes to `<study>-<region>-<year>.<kind>` in the current folder.

    Raises
    ------
    ExplainError
        The file cannot be written.

    """
    if path is None:
        name = Path(
            chain_path(chain["study"]["study_id"], chain["region"]["region_code"])
        ).stem
        path = Path(f"{name}-{chain['years'][0]['year']}.{kind}")
    try:
        WRITERS[kind](chain, path)
    except OSError as error:
        raise ExplainError(f"{path} cannot be written: {error.strerror}.") from error
    return path
