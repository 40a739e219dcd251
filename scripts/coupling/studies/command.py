"""What `coupling study ...` does: read, show, ask, write, answer."""

# ruff: noqa: RUF001, Chinese has signs of its own

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coupling.base.failures import ExitCode
from coupling.base.paths import Paths
from coupling.base.texts import clean, visible
from coupling.panels.words import SaidError, words_in
from coupling.studies.choices import Options, Stated, slug
from coupling.studies.shipped import Asked, shipped_panel
from coupling.words.in_both import Both

if TYPE_CHECKING:
    from coupling.landing.dictionary import Dictionary
    from coupling.landing.workspace import Planned
    from coupling.panels.panel import Panel
    from coupling.panels.rows import StudyRows

SHOWN_CHANGES = 10
YES = ("y", "yes", "是", "好")


@dataclass(frozen=True)
class Request:
    """The options of `coupling study new`."""

    file: Path | None
    options: Options = field(default_factory=Options)
    sheet: str = ""
    language: str = ""
    join_regions: bool | None = None
    join_series: bool | None = None
    is_confirmed: bool = False
    is_dry_run: bool = False
    to: Path | None = None
    shipped: Asked | None = None


class _StoppedError(SaidError):
    """Why nothing is written, though nothing is wrong with the file."""


def new_study(
    console: Console,
    request: Request,
    paths: Paths,
    read: Callable[[str], str] | None = None,
) -> int:
    """Make a study of a panel file, or revise it; return the exit code.

    `read` asks the user something; by default in a terminal, and nobody elsewhere.
    """
    from coupling.landing.dictionary import DictionaryError
    from coupling.studies.choices import ChoiceError
    from coupling.studies.store import NotStoredError

    if read is None and sys.stdin.isatty():
        read = input
    if request.is_confirmed:
        read = None
    job = _NewStudy(console, request, paths, read)
    try:
        return job.run()
    except ChoiceError as error:
        return _refuse(console, error.spoken(job.words), ExitCode.USAGE)
    except SaidError as error:
        return _refuse(console, error.spoken(job.words))
    except (NotStoredError, DictionaryError) as error:
        return _refuse(console, str(error))
    except OSError as error:
        return _refuse(
            console,
            job.words(
                f"the workspace cannot be written: {error}",
                f"无法写入工作区：{error}",
            ),
        )


class _NewStudy:
    """One run of `coupling study new`."""

    def __init__(
        self,
        console: Console,
        request: Request,
        paths: Paths,
        read: Callable[[str], str] | None,
    ) -> None:
        self.console = console
        self.request = request
        self.paths = paths
        self.seeds, self.workspace = paths.seeds, paths.workspace
        self.read = read
        self.language = request.language or "en"

    def words(self, english: str, chinese: str) -> str:
        """Say a text in the language of the run."""
        return words_in(self.language)(english, chinese)

    def run(self) -> int:
        from coupling.landing.workspace import settle
        from coupling.studies import store

        settle(self.workspace)
        panel, rows = self._understood()
        self._say_changes(panel, rows)
        if self.request.is_dry_run or not self.request.is_confirmed:
            # what would be refused is refused before anyone is asked
            store.plan_study(self.seeds, self.workspace, rows, panel.content)
        if self.request.is_dry_run:
            self._say("Dry run: nothing is written.", "试运行：没有写入。")
            return ExitCode.DONE
        self._confirm()
        planned = store.store_study(self.seeds, self.workspace, rows, panel.content)
        for said in planned.said:
            self._say(said, said)
        self._answer(rows.study_id)
        return ExitCode.DONE

    # --- reading ---------------------------------------------------------------------

    def _understood(self) -> "tuple[Panel, StudyRows]":
        """Read the file, put choices together, show both; return panel and rows."""
        from coupling.landing.dictionary import load_dictionary
        from coupling.panels import places
        from coupling.studies import assemble, understood
        from coupling.studies.asked import ask_choices
        from coupling.studies.choices import choose

        request = self.request
        dictionary = load_dictionary(self.seeds, self.workspace)
        panel, sources = self._panel(dictionary)
        earlier = self._earlier(panel, sources)
        ask = None
        if self.read is not None:
            read = self.read

            def ask(panel: "Panel") -> "tuple[dict[str, list[int]], dict[int, str]]":
                return ask_choices(panel, read, self._print, self.words)

        choices = choose(panel, request.options, sources, ask)
        known = assemble.load_known(self.seeds, self.workspace)
        join = request.join_regions
        if join is None:
            join = earlier is None or earlier.joins_regions
        found, remarks = places.resolve(
            panel.regions,
            panel.codes,
            places.load_gazetteer(self.seeds, self.workspace),
            join,
        )
        offers = assemble.known_series(panel, choices.used, dictionary, known)
        joins = request.join_series
        if joins is None:
            joins = earlier is not None and earlier.joins_series
        joined = offers if joins else {}
        if request.shipped:
            joined = {
                place: dictionary.series[panel.indicators[place].heading]
                for place in choices.used
            }
            joins = True
        rows = assemble.assemble(panel, choices, found, joined, dictionary, known)
        if request.shipped:
            rows = assemble.without_figures(rows)
        understood.show(
            self.console,
            panel,
            choices,
            rows,
            understood.look(panel, choices, self.seeds),
            self.words,
            remarks,
            {} if joins else offers,
        )
        for place, series in ({} if request.shipped else joined).items():
            self._say(
                f"  {panel.indicators[place].heading} joins {series.series_id}, where"
                " its figures go before shipped ones",
                f"  {panel.indicators[place].heading} 并入序列 {series.series_id}，"
                "优先于随附数据",
            )
        return panel, rows

    def _panel(self, dictionary: "Dictionary") -> "tuple[Panel, list[Stated]]":
        """The panel, and what the file itself says of the study."""
        from coupling.panels import panel as panels
        from coupling.studies import template

        if self.request.shipped:
            asked = self.request.shipped
            panel = shipped_panel(asked, self.seeds, self.workspace, dictionary)
            return panel, [Stated()]
        assert self.request.file is not None
        opened, names = panels.open_sheets(self.request.file, self.request.sheet)
        sources = []
        if template.is_template(opened):
            panel = panels.understand(template.data_of(opened), names, dictionary)
            self._speak(panel)
            sources.append(template.read_template(opened, panel))
        else:
            panel = panels.understand(opened, names, dictionary)
            self._speak(panel)
        sources.append(_stated_above(panel))
        return panel, sources

    def _speak(self, panel: "Panel") -> None:
        if not self.request.language:
            self.language = "zh" if panel.is_chinese else "en"

    def _earlier(self, panel: "Panel", sources: list[Stated]) -> "_Earlier | None":
        """The study that the file revises; it is the last of `sources` then."""
        from coupling.studies import earlier

        said = next((s.name or s.label for s in sources if s.name or s.label), "")
        name = self.request.options.name or said
        file_name = self.request.file.stem if self.request.file else ""
        study_id = slug(name or clean(file_name.replace("_", " ")))
        tables = earlier.read_earlier(self.workspace, study_id)
        if tables is None:
            return None
        self._refuse_another(study_id, earlier.label_of(tables["studies"][0]), name)
        sources.append(earlier.stated_before(tables, panel))
        return _Earlier(
            earlier.joins_regions(tables), earlier.joined_series(tables, study_id)
        )

    def _refuse_another(self, study_id: str, label: str, name: str) -> None:
        """Refuse to revise a study that has the same study_id by chance."""
        from coupling.base.texts import guarded
        from coupling.landing.workspace import read_rows

        landings = read_rows(self.workspace / "landings.csv")
        files = {
            row["file_name"]
            for row in landings
            if row["landing_id"] == study_id and row["is_current"] == "1"
        }
        is_meant = name in (study_id, label) or clean(name) == label
        file_name = self.request.file.name if self.request.file else ""
        if is_meant or (not name and guarded(file_name) in files):
            return
        from coupling.studies.choices import refuse

        made_of = ", ".join(sorted(files)) or "-"
        refuse(
            f"{study_id} is a study already, {label}, made of {made_of}; expected"
            f" --name {study_id} to revise it, or another --name",
            f"已有研究 {study_id}（{label}），来自 {made_of}；用 --name {study_id}"
            " 修订，或用 --name 另取名称",
        )

    # --- writing ---------------------------------------------------------------------

    def _say_changes(self, panel: "Panel", rows: "StudyRows") -> None:
        """Tell figures that a corrected file changes."""
        from coupling.landing.workspace import read_figures
        from coupling.studies.store import figures_of

        path = self.workspace / "yearbook" / f"{rows.study_id}.csv"
        if not path.exists():
            return
        before, after = read_figures(path), figures_of(rows)
        changed = [
            cell
            for cell in sorted(before.keys() | after.keys())
            if before.get(cell, "") != after.get(cell, "")
        ]
        if not changed:
            return
        number = len(changed)
        self._say(
            f"Against what stands there, {number:,} figures change:",
            f"与已有数据相比，{number:,} 个数值有变化：",
        )
        indicators = rows.tables["indicators"]
        labels = dict(zip(indicators["numerator"], indicators["label"], strict=True))
        chinese = dict(
            zip(indicators["numerator"], indicators["label_zh"], strict=True)
        )
        for cell in changed[:SHOWN_CHANGES]:
            region, year, series = cell
            name = labels.get(series) or chinese.get(series) or series
            old, new = before.get(cell) or "-", after.get(cell) or "-"
            text = f"  {region} {year} {name}: {old} -> {new}"
            self._say(text, text)
        if number > SHOWN_CHANGES:
            more = number - SHOWN_CHANGES
            self._say(f"  ... and {more:,} more", f"  ……另有 {more:,} 个")

    def _confirm(self) -> None:
        if self.request.is_confirmed:
            return
        if self.read is None:
            raise _StoppedError(
                Both(
                    "Nothing is written without --yes or a terminal.",
                    "没有写入：请加 --yes 或在终端中运行。",
                )
            )
        asked = self.words("Write this study? [y/N] ", "写入该研究？[y/N] ")
        if self.read(asked).strip().lower() not in YES:
            raise _StoppedError(Both("Nothing is written.", "没有写入。"))

    def _answer(self, study_id: str) -> None:
        """Work the study out as it stands, print the answer, tell where all lies."""
        from coupling.answers import answer, exports
        from coupling.base.names import NotThereError
        from coupling.contracts.workspace import WorkspaceError
        from coupling.engine import stored

        try:
            results = stored.evaluate_stored(self.paths, study_id)
            answer.show(
                self.console, results, self.paths, self.language, self.request.to
            )
        except (NotThereError, WorkspaceError, exports.ExportError) as error:
            raise _StoppedError(Both(str(error), str(error))) from error
        where = self.workspace
        figures = chinese = ""
        if not self.request.shipped:
            figures = f", figures {where}/yearbook/{study_id}.csv"
            chinese = f"，数据 {where}/yearbook/{study_id}.csv"
        self._say(
            f"Its rows: {where}/studies/, {where}/reference/{figures}. coupling refresh"
            " publishes it.",
            f"研究的行：{where}/studies/、{where}/reference/{chinese}。coupling refresh"
            " 将其发布。",
        )

    def _say(self, english: str, chinese: str) -> None:
        self._print(self.words(english, chinese))

    def _print(self, text: str) -> None:
        _print(self.console, text)


@dataclass(frozen=True)
class _Earlier:
    """How the study that is revised was joined to what is shipped."""

    joins_regions: bool
    joins_series: bool


def _stated_above(panel: "Panel") -> Stated:
    """What the rows above the headings, or the headings, say."""
    stated = Stated()
    for place, one in enumerate(panel.indicators):
        if one.system:
            stated.systems.setdefault(one.system, []).append(place)
        if one.direction:
            stated.directions[place] = one.direction
        if one.criterion:
            stated.criteria[place] = one.criterion
    if stated.directions:
        # where some are said to be negative, the others are not
        for place in range(len(panel.indicators)):
            stated.directions.setdefault(place, "+")
    return stated


# --- the other commands --------------------------------------------------------------


def write_template(console: Console, path: Path, language: str) -> int:
    """Write the workbook to fill in; refuse to overwrite a file."""
    from coupling.studies import template

    words = words_in(language)
    if path.suffix.lower() != ".xlsx":
        return _refuse(
            console,
            words(
                f"found {path.name}; expected a name that ends in .xlsx",
                f"发现 {path.name}；文件名应以 .xlsx 结尾",
            ),
            ExitCode.USAGE,
        )
    if path.exists():
        return _refuse(
            console,
            words(
                f"{path} is there already; expected another name",
                f"{path} 已存在；请另取文件名",
            ),
        )
    try:
        template.write_template(path, language)
    except OSError as error:
        return _refuse(console, f"{path}: {error.strerror}")
    _print(
        console,
        words(
            f"{path} written. Put your figures in, save it, and type:"
            f" coupling study new {path}",
            f"已写入 {path}。填入数据并保存后输入：coupling study new {path}",
        ),
    )
    return ExitCode.DONE


def list_studies(console: Console, paths: Paths, language: str) -> int:
    """Print the studies that there are, shipped ones and the user's own."""
    words = words_in(language)
    table = Table(box=SIMPLE_HEAD)
    table.add_column("study_id", no_wrap=True)
    for heading in (
        words("title", "标题"),
        words("years", "年份"),
        words("regions", "地区"),
        words("indicators", "指标"),
        words("whose", "来源"),
    ):
        table.add_column(heading)
    own = {row["study_id"] for row in _rows(paths.workspace, "studies")}
    for folder, whose in (
        (paths.seeds, words("shipped", "随附")),
        (paths.workspace, words("your own", "自有")),
    ):
        members, indicators = (
            _rows(folder, "study_regions"),
            _rows(folder, "indicators"),
        )
        for row in _rows(folder, "studies"):
            study_id = row["study_id"]
            if folder == paths.seeds and study_id in own:
                continue
            first, last = row.get("label") or "", row.get("label_zh") or ""
            label = words(first or last, last or first)
            counts = (
                str(sum(r["study_id"] == study_id for r in rows))
                for rows in (members, indicators)
            )
            cells = (
                study_id,
                label,
                f"{row['first_year']}-{row['last_year']}",
                *counts,
                whose,
            )
            table.add_row(*(Text(visible(cell, 80)) for cell in cells))
    console.print(table)
    return ExitCode.DONE


def remove_study(
    console: Console,
    paths: Paths,
    study_id: str,
    is_confirmed: bool,
    read: Callable[[str], str] | None = None,
) -> int:
    """Take a study of the user's own out, with what only it used."""
    from coupling.studies import store

    if not is_confirmed:
        if read is None and not sys.stdin.isatty():
            return _refuse(console, "Nothing is removed without --yes or a terminal.")
        asked = f"Remove the study {study_id} and its figures? [y/N] "
        if (read or input)(asked).strip().lower() not in YES:
            return _refuse(console, "Nothing is removed.")
    return _told(
        console, lambda: store.remove_study(paths.seeds, paths.workspace, study_id)
    )


def rename_study(console: Console, paths: Paths, old: str, new: str) -> int:
    """Give a study of the user's own another study_id."""
    from coupling.studies import store

    if slug(new) != new:
        return _refuse(
            console,
            f"found {new}; expected a name of small letters, digits and _, such as"
            f" {slug(new)}",
            ExitCode.USAGE,
        )
    return _told(
        console, lambda: store.rename_study(paths.seeds, paths.workspace, old, new)
    )


def is_own_study(paths: Paths, study_id: str) -> bool:
    """Say whether a study is one that was made of a file."""
    own = {row["study_id"] for row in _rows(paths.workspace, "studies")}
    figures = paths.workspace / "yearbook" / f"{study_id}.csv"
    return study_id in own and figures.exists()


def _told(console: Console, job: "Callable[[], Planned]") -> int:
    from coupling.studies.store import NotStoredError

    try:
        for said in job().said:
            _print(console, said)
    except NotStoredError as error:
        return _refuse(console, str(error))
    except OSError as error:
        return _refuse(console, f"the workspace cannot be written: {error}")
    return ExitCode.DONE


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / "studies" / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, restval=""))


def _print(console: Console, text: str) -> None:
    console.print(Text(visible(text, 600)), soft_wrap=True)


def _refuse(console: Console, message: str, code: int = ExitCode.INPUTS) -> int:
    for line in message.splitlines():
        console.print(Text(visible(line, 600), style="red"), soft_wrap=True)
    return code
