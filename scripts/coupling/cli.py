"""The `coupling` command."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from coupling.base.failures import EXPLAINED, ExitCode, RefreshError, Stopped
from coupling.base.paths import Paths

console = Console()
paths = Paths()


class SaysFailures(TyperGroup):
    """Commands that end with a sentence and their code where a job cannot go on."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; say why it stopped, if it did."""
        try:
            return super().invoke(ctx)
        except RefreshError as failure:
            console.print("[red]Stopped:[/red]", end=" ")
            console.print(str(failure), markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(int(failure.code)) from failure
        except Stopped as stop:
            console.print(f"[red]Stopped[/red] by signal {stop.number}.")
            sys.exit(128 + stop.number)


app = typer.Typer(cls=SaysFailures, no_args_is_help=True, add_completion=False)


class ByWord(TyperGroup):
    """A command whose first word names a job; without one, its first job is meant.

    A word that is also the name of a file there means the file.
    """

    takes_files = False

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the first job before the words that name none."""
        word = args[0] if args else ""
        is_file = self.takes_files and Path(word).is_file()
        if word != "--help" and (word not in self.commands or is_file):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


class ByWordOrFile(ByWord):
    """As ByWord, of a command whose words may be files."""

    takes_files = True


def _say_word(old: str, new: str) -> None:
    """Hint that a spelling of before goes on for this version alone."""
    console.print(
        f"{old} is now: {new}. The old spelling ends with the next version.",
        style="yellow",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


EXIT_CODES = "Exit codes: " + "; ".join(
    f"{code:d} {meaning}" for code, meaning in EXPLAINED.items()
)


@app.command(epilog=EXIT_CODES)
def refresh(
    since_change: Annotated[
        bool, typer.Option(help="Do nothing if no input changed since the last build.")
    ] = False,
    only: Annotated[
        str,
        typer.Option(
            metavar="STUDY",
            help="Publish only if no row changed but those of this study.",
        ),
    ] = "",
    rollback: Annotated[
        bool, typer.Option(help="Publish the build before the current one again.")
    ] = False,
) -> None:
    """Check the seeds, build, test, export, render the pages, publish all at once.

    Example: coupling refresh --since-change
    """
    # what a refresh needs takes a while to load, which a look at --help should not
    from coupling.refresh import refresh as job

    if rollback and (only or since_change):
        console.print("--rollback builds nothing: give it alone.")
        raise typer.Exit(ExitCode.USAGE)
    if rollback:
        job.rollback(console, paths)
    else:
        job.refresh(console, paths, only=only, since_change=since_change)


@app.command()
def check() -> None:
    """Check the seeds and the workspace against their contracts; build nothing.

    Example: coupling check
    """
    from coupling.refresh.refresh import refuse_bad_seeds

    refuse_bad_seeds(paths.seeds, console)
    console.print("The seeds and the workspace keep their contracts.")


land_app = typer.Typer(
    cls=ByWordOrFile,
    help="Land yearbook files, or a household survey, for the next refresh.",
)
app.add_typer(land_app, name="land")
HOUSEHOLDS = "coupling land households"


@land_app.command("files")
def land_files(
    files: Annotated[list[str], typer.Argument(help="Yearbook files.")],
    sheet: Annotated[str, typer.Option(help="Only this sheet of a workbook.")] = "",
    series: Annotated[
        str, typer.Option(help="series_id of the figures, where the file has no name.")
    ] = "",
    unit: Annotated[
        str, typer.Option(help="Unit of the figures, where the file states none.")
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(help="Year of the figures, where the file states none."),
    ] = None,
    region: Annotated[
        str, typer.Option(help="Region of the figures, where the file names none.")
    ] = "",
    skip: Annotated[
        list[str] | None,
        typer.Option(help="Leave out the column with this heading or letter."),
    ] = None,
    means: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=MEANING",
            help="Read a name of the file as a series_id, unit or region; kept.",
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the landing; default: the file's.")
    ] = "",
    publisher: Annotated[str, typer.Option(help="Who publishes the figures.")] = "",
    title: Annotated[str, typer.Option(help="Publication that prints them.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    survey: Annotated[str, typer.Option(hidden=True)] = "",
    simulate: Annotated[int, typer.Option(hidden=True, min=0)] = 0,
    seed: Annotated[int, typer.Option(hidden=True)] = 2022,
) -> None:
    """Land yearbook files for the next refresh; the word files may be left out.

    Example: coupling land gdp_2023.xlsx --unit 亿元 --year 2023
    """
    from coupling.landing import command

    request = command.Request(
        *(sheet, series, unit, year, name, publisher, title, dry_run, yes, region),
        skip=tuple(skip or ()),
        means=tuple(means or ()),
    )
    # a word with an option before it
    if files[0] in ("list", "undo") and not Path(files[0]).is_file():
        if (files[1:] and files[0] == "list") or len(files) > 2 or files == ["undo"]:
            _refuse("Say coupling land list, or coupling land undo NAME.")
        _say_word(f"coupling land ... {files[0]}", f"coupling land {files[0]}")
        if files[0] == "list":
            list_landings()
        undo_landing(files[1], dry_run, yes)
    if files[0] == "households":
        if request not in (command.Request(), command.Request(is_confirmed=True)):
            _refuse(f"{HOUSEHOLDS} takes --survey, --simulate and --seed.")
        _say_word("coupling land ... households", HOUSEHOLDS)
        _land_households(files[1:], survey, simulate, seed)
        return
    if survey or simulate:
        _refuse(f"Say the word households before a survey: {HOUSEHOLDS}.")
    if name and len(files) == 1 and (code := _revise(files[0], request)) is not None:
        raise typer.Exit(code)
    code = command.land_files(
        console, list(map(Path, files)), request, paths.seeds, paths.workspace
    )
    raise typer.Exit(code)


@land_app.command("households")
def land_households(
    file: Annotated[
        list[str] | None, typer.Argument(help="The survey's file, unless simulated.")
    ] = None,
    survey: Annotated[
        str, typer.Option(help="Survey in seeds/households/survey_mappings.csv.")
    ] = "",
    simulate: Annotated[
        int, typer.Option(min=0, help="Simulate this many households instead.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 2022,
    yes: Annotated[bool, typer.Option("--yes", hidden=True)] = False,
) -> None:
    """Land a household survey for the next refresh, or a simulated one.

    Example: coupling land households cfps2022famecon.dta --survey cfps2022
    """
    _land_households(file or [], survey, simulate, seed)


@land_app.command("list")
def list_landings() -> None:
    """List what has landed.

    Example: coupling land list
    """
    from coupling.landing import command

    raise typer.Exit(command.list_landings(console, paths.workspace))


@land_app.command("undo")
def undo_landing(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the landing.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would go; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Take a landing back, with what it changed as it was before.

    Example: coupling land undo gdp_2023
    """
    from coupling.landing import command

    request = command.Request(is_dry_run=dry_run, is_confirmed=yes)
    raise typer.Exit(
        command.undo_landing(console, name, request, paths.seeds, paths.workspace)
    )


def _revise(file: str, request) -> int | None:
    """Revise a study of the user's own by its panel file; None if the name is none."""
    from coupling.studies import command
    from coupling.studies.choices import Options

    if not command.is_own_study(paths, request.name):
        return None
    if given := request.of_figures:
        _refuse(
            f"{request.name} is a study of your own, which its panel revises; with it"
            f" go --sheet, --dry-run and --yes, and not {', '.join(given)}."
        )
    revision = command.Request(
        Path(file),
        Options(name=request.name),
        request.sheet,
        is_confirmed=request.is_confirmed,
        is_dry_run=request.is_dry_run,
    )
    return command.new_study(console, revision, paths)


def _land_households(files: list[str], survey: str, simulate: int, seed: int) -> None:
    if len(files) + (simulate > 0) != 1:
        _refuse(
            "Say what to land: coupling land households FILE --survey NAME, "
            "or coupling land households --simulate NUMBER."
        )
    # learners take a second to load, so only where they are needed
    from coupling.households import landing

    try:
        if simulate:
            name = f"simulated_{simulate}_seed_{seed}"
            _simulate(name, simulate, seed)
            console.print(f"{name}: {simulate:,} simulated households landed")
        else:
            mappings = paths.seeds / "households" / "survey_mappings.csv"
            result = landing.land_households(
                Path(files[0]), survey, mappings, paths.workspace
            )
            console.print(result.summary)
            if result.warning:
                console.print(result.warning, style="yellow", soft_wrap=True)
            for reject in result.rejects.head(10).itertuples():
                console.print(
                    f"  row {reject.source_row}, {reject.column_name}: found "
                    f"{reject.found}; {reject.reason}",
                    markup=False,
                )
    except landing.LandingError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


def _refuse(message: str) -> None:
    console.print(message, style="red", markup=False)
    raise typer.Exit(ExitCode.USAGE)


def _simulate(name: str, households: int, seed: int) -> None:
    from coupling.contracts.seeds import load_seeds, provinces
    from coupling.households import landing
    from coupling.households.simulation import simulate

    landing.land_simulated(
        *simulate(provinces(load_seeds(paths.seeds)), households, seed),
        name,
        paths.workspace,
    )


@app.command()
def report(
    paper: Annotated[
        str,
        typer.Option(
            metavar="STUDY", help="Write this study for a manuscript instead."
        ),
    ] = "",
    method: Annotated[
        str | None,
        typer.Option(help="With --paper: method_id; by default the study's."),
    ] = None,
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="With --paper: language of all texts.")
    ] = "en",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="With --paper: by default target/papers/STUDY."
        ),
    ] = None,
) -> None:
    """Render the pages into target/site for a look, or a study for a manuscript.

    Pages are those of the published database. The published pages belong to their build
    and stay as they are; a refresh publishes pages, database and exports together.

    Example: coupling report --paper digital_economy_nqp --lang zh
    """
    if paper:
        _report_paper(paper, method, lang, to)
        return
    if method is not None or to is not None or lang != "en":
        console.print("--method, --lang and --to need --paper STUDY.")
        raise typer.Exit(ExitCode.USAGE)
    from coupling.site import beside
    from coupling.site.site import build_site

    if not paths.database.exists():
        console.print("There is no published database yet: run coupling refresh first.")
        raise typer.Exit(1)
    beside.copy(paths.site, paths.target / "site")
    pages = build_site(paths.database, paths.target / "site")
    first = [page for page in pages if page.parent == paths.target / "site"]
    for page in first:
        console.print(paths.shown(page))
    console.print(f"{len(pages) - len(first)} other pages beside them")


def _report_paper(study: str, method: str | None, lang: str, to: Path | None) -> None:
    from coupling.base.names import NotThereError
    from coupling.manuscripts import writer

    try:
        with console.status("") as status:
            written = writer.write_manuscript(
                paths,
                study,
                method,
                lang,
                to,
                lambda doing: status.update(f"{escape(study)}: {doing} ..."),
            )
    except (NotThereError, writer.NotWrittenError) as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    for path in written:
        console.print(f"{path} written", markup=False, highlight=False, soft_wrap=True)
    if writer.lacks_font(lang):
        console.print(
            "No font here has Chinese characters: the PNG figures show boxes. Install "
            "one, such as Noto Sans CJK, and write them again."
        )


study_app = typer.Typer(
    no_args_is_help=True,
    help="Studies of your own: from a panel file to results, in one command.",
)
app.add_typer(study_app, name="study")


@study_app.command("new")
def new_study(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Panel file: .xlsx, .xls, .csv, .dta, .sav or .parquet; none with "
            "--series."
        ),
    ] = None,
    series: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SERIES",
            help="Shipped series instead of a file, by series_id or label, with commas "
            "between or said again for each; coupling series searches them. Needs "
            "--name.",
        ),
    ] = None,
    regions: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REGIONS",
            help="With --series: regions by name or code, with commas between or said "
            "again for each; default: all of the level.",
        ),
    ] = None,
    level: Annotated[
        Literal["province", "city"] | None,
        typer.Option(help="With --series: level of the regions, or of their parts."),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=COLUMNS",
            help="A system and its indicators, by number (the first column is 1) or "
            "name; once for each system.",
        ),
    ] = None,
    negative: Annotated[
        str,
        typer.Option(metavar="COLUMNS", help="Indicators of which less is better."),
    ] = "",
    leave_out: Annotated[
        str, typer.Option(metavar="COLUMNS", help="Indicators that are in no system.")
    ] = "",
    name: Annotated[
        str, typer.Option(help="Name of the study; default: the file's.")
    ] = "",
    method: Annotated[
        str, typer.Option(help="method_id; default: entropy_topsis.")
    ] = "",
    years: Annotated[
        str, typer.Option(help="First and last year, such as 2015-2022.")
    ] = "",
    grades: Annotated[
        str, typer.Option(help="Grade scheme; default: six_levels.")
    ] = "",
    sheet: Annotated[str, typer.Option(help="Only this sheet of a workbook.")] = "",
    lang: Annotated[
        Literal["en", "zh"] | None,
        typer.Option(help="Language of texts and labels; default: the file's."),
    ] = None,
    join_regions: Annotated[
        bool | None,
        typer.Option(help="Take regions that are known by their codes; the default."),
    ] = None,
    join_series: Annotated[
        bool | None,
        typer.Option(
            help="Put figures of known series there, where they change shipped studies."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the results to this file as well: .xlsx, .html, .csv, .dta, "
            ".sav or .parquet; a name without an ending is a folder of .csv files.",
        ),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Refresh the warehouse and pages after.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood; write nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Make a study of a panel file and print its answer; the same name revises it.

    Example: coupling study new panel.xlsx --system "Digital economy=3-8"
    --system "Green development=9-14" --negative 11,12
    """
    from coupling.studies import command
    from coupling.studies.choices import Options, listed
    from coupling.studies.shipped import Asked

    if (file is None) == (not series):
        _refuse("Say a panel file, or --series for shipped figures, one of the two.")
    if (regions or level) and not series:
        _refuse("--regions and --level are for --series.")
    if series and not name:
        _refuse("--series needs --name, the name of the study.")
    asked = None
    if series:
        asked = Asked(
            tuple(listed(",".join(series))),
            tuple(listed(",".join(regions or ()))),
            level or "",
        )

    options = Options(
        name, tuple(system or ()), negative, leave_out, method, years, grades
    )
    request = command.Request(
        file,
        options,
        sheet,
        lang or "",
        join_regions,
        join_series,
        yes,
        dry_run,
        to,
        asked,
    )
    code = command.new_study(console, request, paths)
    if code or dry_run or not publish:
        raise typer.Exit(code)
    from coupling.refresh import refresh as job

    job.refresh(console, paths, only="", since_change=False)


@study_app.command("template")
def study_template(
    file: Annotated[Path, typer.Argument(help="Workbook to write, such as own.xlsx.")],
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of the workbook.")
    ] = "en",
) -> None:
    """Write a workbook to fill in, with an example, for coupling study new.

    Example: coupling study template own.xlsx --lang zh
    """
    from coupling.studies import command

    raise typer.Exit(command.write_template(console, file, lang))


@study_app.command("list")
def list_studies(
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of texts and labels.")
    ] = "en",
) -> None:
    """List the studies, shipped ones and your own.

    Example: coupling study list
    """
    from coupling.studies import command

    raise typer.Exit(command.list_studies(console, paths, lang))


@study_app.command("remove")
def remove_study(
    study: Annotated[
        str, typer.Argument(metavar="NAME", help="study_id of a study of your own.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
) -> None:
    """Take out a study of your own, with what only it used; say what is kept.

    Example: coupling study remove anhui_cities
    """
    from coupling.studies import command

    raise typer.Exit(command.remove_study(console, paths, study, yes))


@study_app.command("rename")
def rename_study(
    old: Annotated[str, typer.Argument(metavar="OLD", help="study_id that it has.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="study_id that it gets.")],
) -> None:
    """Give a study of your own another name.

    Example: coupling study rename anhui_cities anhui
    """
    from coupling.studies import command

    raise typer.Exit(command.rename_study(console, paths, old, new))


@study_app.command("show")
def show_study(
    study: Annotated[
        str, typer.Argument(metavar="NAME", help="study_id of the study.")
    ],
    method: Annotated[
        str | None, typer.Option(help="method_id; by default that of the study.")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of texts and labels.")
    ] = "en",
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the results to this file as well: .xlsx, .html, .csv, .dta, "
            ".sav or .parquet; a name without an ending is a folder of .csv files.",
        ),
    ] = None,
) -> None:
    """Work a study out as it stands and print its answer; publish nothing.

    Example: coupling study show industrial_transfer --to results.dta
    """
    from coupling.answers import answer, exports
    from coupling.base.names import NotThereError
    from coupling.contracts.workspace import WorkspaceError
    from coupling.engine import stored

    try:
        results = stored.evaluate_stored(paths, study, method)
        answer.show(console, results, paths, lang, to)
    except (NotThereError, WorkspaceError, exports.ExportError) as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error


@app.command()
def explain(
    study: Annotated[str, typer.Option(help="study_id, as in marts.dim_studies.")],
    region: Annotated[
        str, typer.Option(help="Code, English name or Chinese name of the region.")
    ],
    year: Annotated[int, typer.Option(help="Calendar year of the study.")],
    method: Annotated[
        str | None, typer.Option(help="method_id; by default that of the study.")
    ] = None,
    lang: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of texts and labels.")
    ] = "en",
    to: Annotated[
        Literal["html", "xlsx"] | None,
        typer.Option(help="Write a page or a workbook instead of printing."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; its ending can stand for --to.")
    ] = None,
) -> None:
    """Show where a degree comes from: figures, scales, weights, scores, changes.

    Example: coupling explain --study digital_economy_nqp --region Anhui --year 2023
    """
    from coupling import explain as explanations
    from coupling.base.names import NotThereError

    if out is not None and to is None:
        ending = out.suffix.lstrip(".").lower()
        if ending not in explanations.WRITERS:
            console.print("Say --to html or --to xlsx, or end --out in one of them.")
            raise typer.Exit(2)
        to = cast(Literal["html", "xlsx"], ending)
    try:
        chain = explanations.find_chain(
            paths.database, study, region, year, method, lang
        )
        if to is None:
            explanations.print_chain(chain, console)
        else:
            written = explanations.write_chain(chain, to, out)
            console.print(f"{written} written", markup=False, highlight=False)
    except NotThereError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error


@app.command()
def series(
    word: Annotated[
        str,
        typer.Argument(
            metavar="[WORD]",
            help="A part of a name or label, English or Chinese; all series without.",
        ),
    ] = "",
    level: Annotated[
        Literal["province", "city", "country", "county", "other"] | None,
        typer.Option(help="Only figures of regions of this level."),
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of labels.")] = (
        "en"
    ),
) -> None:
    """Search the series that there are: unit, years, regions and quality of each.

    Example: coupling series 专利 --level city
    """
    from coupling.base.names import NotThereError
    from coupling.studies import listed_series

    try:
        found = listed_series.find_series(paths.database, word, level)
    except NotThereError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(1) from error
    listed_series.print_series(found, console, lang)


bench_app = typer.Typer(
    cls=ByWord,
    help="Measure: builds byte by byte, the household screen, the answer of a study,"
    " or the core on panels of any size beside other libraries.",
)
app.add_typer(bench_app, name="bench")


@bench_app.command("builds")
def bench_builds(
    runs: Annotated[int, typer.Option(min=2, help="Builds to compare.")] = 2,
    households: Annotated[int, typer.Option(hidden=True, min=0)] = 0,
    detectors: Annotated[int, typer.Option(hidden=True, min=0)] = 0,
    study: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Build several times and compare the exports; meant where no word is said.

    Example: coupling bench builds --runs 3
    """
    from coupling.bench import builds

    if households:
        _say_word("bench --households", "coupling bench households NUMBER")
        bench_households(households)
    elif detectors:
        _say_word("bench --detectors", "coupling bench detectors NUMBER")
        bench_detectors(detectors)
    elif study:
        _say_word("bench --study", "coupling bench study SIZE")
        bench_study(study)
    else:
        builds.bench_builds(console, paths, runs)


@bench_app.command("households")
def bench_households(
    surveys: Annotated[int, typer.Argument(min=1, help="Surveys to simulate.")] = 20,
) -> None:
    """Screen simulated surveys and print the error rates of each detector.

    Example: coupling bench households 20
    """
    from coupling.bench import surveys as screened

    screened.bench_households(console, paths, surveys, 2000)


@bench_app.command("detectors")
def bench_detectors(
    households: Annotated[
        int, typer.Argument(min=1, help="Households to simulate.")
    ] = 100_000,
) -> None:
    """Time the detectors alone on one simulated survey.

    Example: coupling bench detectors 1000000
    """
    from coupling.bench import surveys

    surveys.bench_detectors(console, paths, households)


@bench_app.command("study")
def bench_study(
    size: Annotated[
        str, typer.Argument(metavar="SIZE", help="Regions x years x indicators.")
    ] = "16x8x12",
) -> None:
    """Time the answer of a study over a drawn panel.

    Example: coupling bench study 16x8x12
    """
    from coupling.bench import answers

    answers.bench_study(console, paths, size)


@bench_app.command("scale")
def bench_scale(
    sizes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SIZE...",
            help="Regions x years x indicators of each drawn panel; default: 279x20x20 "
            "and 2800x20x50.",
        ),
    ] = None,
    peers: Annotated[
        str,
        typer.Option(
            metavar="NAMES",
            help="Of numpy, polars, pandas, pymcdm and scikit-criteria, with commas "
            "between, or none; default: all that are installed.",
        ),
    ] = "",
    runs: Annotated[int, typer.Option(min=1, help="Pairs of runs with each peer.")] = 5,
    memory: Annotated[
        str,
        typer.Option(
            metavar="LIMIT",
            help="What the database may take, such as 4GB; more goes to disk.",
        ),
    ] = "",
    threads: Annotated[
        int, typer.Option(min=0, help="Threads of each run; default: all processors.")
    ] = 0,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Put what was found into the guide, the page and the chart."
        ),
    ] = False,
) -> None:
    """Time the core on drawn panels beside other libraries, and compare all degrees.

    Example: coupling bench scale 279x20x20 2800x20x50 --peers numpy,polars --runs 3
    """
    from coupling.bench import scale

    asked = sizes or ["279x20x20", "2800x20x50"]
    scale.bench_scale(
        *(console, paths, asked, peers, runs, threads, memory), is_written=write
    )
