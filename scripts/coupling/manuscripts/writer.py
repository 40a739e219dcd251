"""A study for a manuscript: document, workbook, figures, methods and a bundle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from coupling.base.connections import connect
from coupling.base.inputs import versions
from coupling.base.names import NotThereError, known
from coupling.base.paths import Paths
from coupling.base.quoting import sql_name, sql_text
from coupling.manuscripts import document, figures, latex, replication
from coupling.manuscripts.content import Manuscript, read_manuscript
from coupling.outputs import workbooks
from coupling.words.language import CHINESE, ENGLISH, _, speaking

PICTURES = {"png": figures.png, "svg": figures.svg}


class NotWrittenError(Exception):
    """A file cannot be written; the message says which and why."""


def write_manuscript(
    paths: Paths,
    study: str,
    method: str | None = None,
    language: str = ENGLISH,
    folder: Path | None = None,
    on_progress: Callable[[str], None] = lambda doing: None,
) -> list[Path]:
    """Write all files of a study's manuscript and return them.

    Parameters
    ----------
    paths
        Of the project whose published database is read.
    study, method
        Their ids; the method is by default that of the study.
    language
        A language of the site.
    folder
        Where to write; by default `target/papers/<study>`, with the method and the
        language in its name where they are not the default ones.
    on_progress
        Gets what is done next.

    Raises
    ------
    NotThereError
        There is no database, study or method of this name, or no query in it.
    NotWrittenError
        A file cannot be written.

    """
    at_work = versions()
    with marts_under(paths.database, study, method) as con, speaking(language):
        on_progress("reading the marts")
        manuscript = read_manuscript(con, study, at_work)
        folder = folder or _default_folder(paths, manuscript, method, language)
        # told before anything is drawn
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        files = {"methods.txt": manuscript.methods_text().encode()}
        pictures = {}
        for figure in manuscript.figures:
            for kind, draw in PICTURES.items():
                on_progress(f"drawing {figure.name}.{kind}")
                files[f"figures/{figure.name}.{kind}"] = draw(figure)
            pictures[figure.name] = files[f"figures/{figure.name}.png"]
        on_progress("writing document and workbook")
        files[f"{study}.docx"] = document.write_document(manuscript, pictures)
        files[f"{study}.xlsx"] = _workbook(con, manuscript)
        files[f"{study}.tex"] = latex.write_latex(manuscript).encode()
        on_progress("working the study out again")
        files["replication.zip"] = replication.write_bundle(
            paths.database, manuscript, at_work, paths.project / "requirements.lock"
        )
        on_progress("writing the files")
        with _writing(folder):
            return [_write(folder / name, files[name]) for name in sorted(files)]


def lacks_font(language: str) -> bool:
    """Say whether figures in a language would show boxes for lack of a font."""
    return language == CHINESE and not figures.has_han_font()


@contextmanager
def marts_under(
    database: Path, study: str, method: str | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the marts as they are if `method` were the default one of the study.

    Raises
    ------
    NotThereError
        There is no database, study or method of this name.

    """
    if not database.is_file():
        raise NotThereError(
            "There is no published database yet: run coupling refresh first."
        )
    with connect() as con:
        con.execute(f"attach {sql_text(database)} as published (read_only)")
        _known(con, "study", study, "from published.marts.dim_studies")
        if method is not None:
            worked_out = "from published.marts.fct_coupling where study_id = $study"
            _known(con, "method", method, worked_out, study=study)
        for schema, table, columns in _tables(con):
            con.execute(f"create schema if not exists {schema}")
            replaced = _replaced(table, columns, study, method)
            con.execute(
                f"create view {sql_name(schema, table)} as "
                f"select * {replaced} from {sql_name('published', schema, table)}"
            )
        yield con


def _known(con, what: str, asked: str, where: str, **parameters: str) -> None:
    """Refuse a study that is not there, or a method it is not worked out under."""
    try:
        rows = con.execute(
            f"select distinct {what}_id {where} order by 1", parameters
        ).fetchall()
    except duckdb.CatalogException as error:
        raise NotThereError(
            "The published database holds no studies: run coupling refresh first."
        ) from error
    known(what, asked, [name for (name,) in rows])


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[str]]]:
    return con.execute("""
        select table_schema, table_name, list(column_name)
        from information_schema.columns
        where table_catalog = 'published' and table_schema in ('marts', 'quality')
        group by all
        order by all
    """).fetchall()


def _replaced(table: str, columns: list[str], study: str, method: str | None) -> str:
    if method is None or "study_id" not in columns:
        return ""
    chosen, own = sql_text(method), sql_text(study)
    if table == "dim_studies":
        return (
            f"replace (if(study_id = {own}, {chosen}, default_method_id)"
            " as default_method_id)"
        )
    if {"is_default_method", "method_id"} <= set(columns):
        return (
            f"replace (if(study_id = {own}, method_id = {chosen}, is_default_method)"
            " as is_default_method)"
        )
    return ""


def _default_folder(
    paths: Paths, manuscript: Manuscript, method: str | None, language: str
) -> Path:
    parts = [manuscript.study_id]
    parts += [] if method is None else [method]
    parts += [] if language == ENGLISH else [language]
    return paths.target / "papers" / "-".join(parts)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Tell what keeps files from being written."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise NotWrittenError(
            f"{place} cannot be written: {error.strerror}."
        ) from error


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _workbook(con, manuscript: Manuscript) -> bytes:
    notes = [
        (_("Methods"),),
        *manuscript.methods,
        (_("How to cite"),),
        *(("", text) for text in manuscript.citation),
    ]
    return workbooks.tables_workbook(con, manuscript.study_id, manuscript.tables, notes)
