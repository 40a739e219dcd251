"""A manuscript as a Word document: text, three-line tables, figures with captions."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from coupling.manuscripts import figures
from coupling.manuscripts.content import Manuscript
from coupling.prose.parts import Table
from coupling.words.language import CHINESE, _, spoken

# of more rows, the workbook has them and the document says so
ROWS_PRINTED = 400
WRITTEN = datetime(2024, 1, 1)
TALLEST_CM = 21.0
WESTERN, EASTERN, EASTERN_HEADING = "Times New Roman", "SimSun", "SimHei"
# characters that XML cannot carry
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
THICK, THIN = 12, 6  # eighths of a point


def write_document(manuscript: Manuscript, pictures: dict[str, bytes]) -> bytes:
    """Return the document; the same parts give the same bytes.

    Parameters
    ----------
    manuscript
        What to write.
    pictures
        PNG of each figure, by its name.

    """
    document = Document()
    _prepare(document, manuscript)
    document.add_heading(clean(manuscript.title), 0)
    document.add_heading(_("Methods"), 1)
    for heading, text in manuscript.methods:
        paragraph = document.add_paragraph()
        paragraph.add_run(_("{heading}. ").format(heading=clean(heading))).bold = True
        paragraph.add_run(clean(text))
    document.add_heading(_("Tables"), 1)
    for number, table in enumerate(manuscript.tables, 1):
        _add_table(document, number, table)
    document.add_heading(_("Figures"), 1)
    for number, figure in enumerate(manuscript.figures, 1):
        _add_picture(document, pictures[figure.name], figure.caption)
        _add_caption(
            document, _("Figure {number}"), number, figure.caption, is_above=False
        )
    document.add_heading(_("How to cite"), 1)
    for text in manuscript.citation:
        document.add_paragraph(clean(text))
    return _with_fixed_times(document)


def clean(text: str) -> str:
    """Return a text without the characters that a document cannot hold."""
    return FORBIDDEN.sub("", text)


def _prepare(document, manuscript: Manuscript) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for name, size in (("Normal", 10.5), ("Caption", 9.5)):
        style = document.styles[name]
        style.font.size = Pt(size)
        _set_fonts(style, EASTERN)
    document.styles["Caption"].font.color.rgb = None
    for name in ("Title", "Heading 1"):
        style = document.styles[name]
        style.font.color.rgb = None
        _set_fonts(style, EASTERN_HEADING)
    document.styles["Title"].font.size = Pt(18)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    properties = document.core_properties
    properties.title = clean(manuscript.title)
    properties.subject = f"{manuscript.study_id}, {manuscript.method_id}"
    properties.author = properties.last_modified_by = "Coupling Warehouse"
    properties.language = "zh-CN" if spoken() == CHINESE else "en-GB"
    properties.comments = ""
    properties.created = properties.modified = WRITTEN
    properties.revision = 1


def _set_fonts(style, eastern: str) -> None:
    style.font.name = WESTERN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    fonts.set(qn("w:hAnsi"), WESTERN)
    fonts.set(qn("w:eastAsia"), eastern)


def _add_caption(
    document, label: str, number: int, text: str, *, is_above: bool, after: str = ""
) -> None:
    """Add a caption; `label` is 'Table {number}' in the language spoken."""
    paragraph = document.add_paragraph(style="Caption")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = is_above
    kind, end = label.split("{number}")
    paragraph.add_run(kind)
    if after:
        paragraph.add_run(f"{number} {after}")
    else:
        # a field, so that Word counts on when tables come and go
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" SEQ {kind.strip()} \\* ARABIC ")
        field.append(paragraph.add_run(str(number))._r)
        paragraph._p.append(field)
    paragraph.add_run(end + (" " if spoken() == CHINESE else ". ") + clean(text))


def _add_table(document, number: int, table: Table) -> None:
    if len(table.rows) > ROWS_PRINTED:
        _add_caption(
            document, _("Table {number}"), number, table.caption, is_above=True
        )
        document.add_paragraph(
            _(
                "{number} rows, too many to print: see sheet {sheet} of the workbook."
            ).format(number=f"{len(table.rows):,}", sheet=table.name)
        )
        return
    for place, part in enumerate(table.parts()):
        again = _("(continued)") if place else ""
        _add_caption(
            document,
            _("Table {number}"),
            number,
            table.caption,
            is_above=True,
            after=again,
        )
        _add_part(document, table, part)
    for note in table.notes:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(clean(note)).font.size = Pt(8.5)
    document.add_paragraph()


def _add_part(document, table: Table, part: list[int]) -> None:
    columns = [table.columns[place] for place in part]
    blocks = table.blocks()
    count = 1 + len(table.rows) + sum(heading is not None for heading, _rows in blocks)
    made = document.add_table(count, len(columns))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    made._tbl.tblPr.append(_narrow_margins())
    widths = _widths([column.width for column in columns])
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    rows = iter(made._tbl.tr_lst)
    head = next(rows)
    _fill(
        head,
        [column.heading for column in columns],
        widths,
        [column.has_words for column in columns],
        bold=True,
    )
    _repeat(head)
    _rule(head, top=THICK, bottom=THIN)
    last = head
    for heading, listed in blocks:
        if heading is not None:
            last = next(rows)
            _span(last, heading, sum(widths))
        for row in listed:
            last = next(rows)
            texts = [
                column.printed(row[place])
                for place, column in zip(part, columns, strict=True)
            ]
            _fill(last, texts, widths, [column.has_words for column in columns])
    _rule(last, top=THIN if last is head else None, bottom=THICK)


def _narrow_margins():
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "45")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _widths(parts: list[float]) -> list[int]:
    total = sum(parts)
    return [int(Cm(figures.WIDTH_CM) * part / total) for part in parts]


def _fill(row, texts, widths, has_words, *, bold=False) -> None:
    cells = zip(row.tc_lst, texts, widths, has_words, strict=True)
    for cell, text, width, is_left in cells:
        cell.width = width
        _write(cell.p_lst[0], text, bold=bold, centred=not is_left)


def _span(row, text: str, width: int) -> None:
    first, *others = row.tc_lst
    for cell in others:
        row.remove(cell)
    first.width = width
    first.grid_span = 1 + len(others)
    _write(first.p_lst[0], text, italic=True)
    first.p_lst[0].get_or_add_pPr().get_or_add_keepNext()


def _write(paragraph, text, *, bold=False, italic=False, centred=False) -> None:
    settings = paragraph.get_or_add_pPr()
    spacing = settings.get_or_add_spacing()
    spacing.set(qn("w:before"), "0")
    spacing.set(qn("w:after"), "0")
    if centred:
        settings.get_or_add_jc().val = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_r()
    look = run.get_or_add_rPr()
    look.get_or_add_sz().val = Pt(8)
    if bold:
        look._add_b()
    if italic:
        look._add_i()
    run.text = clean(text)


def _repeat(row) -> None:
    for name in ("w:cantSplit", "w:tblHeader"):
        row.get_or_add_trPr().append(OxmlElement(name))


def _rule(row, *, top: int | None, bottom: int) -> None:
    for cell in row.tc_lst:
        borders = OxmlElement("w:tcBorders")
        for side, size in (("top", top), ("bottom", bottom)):
            if size is not None:
                line = OxmlElement(f"w:{side}")
                line.set(qn("w:val"), "single")
                line.set(qn("w:sz"), str(size))
                line.set(qn("w:color"), "000000")
                borders.append(line)
        cell.get_or_add_tcPr().append(borders)


def _add_picture(document, picture: bytes, caption: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(
        BytesIO(picture), width=Cm(figures.WIDTH_CM)
    )
    if shape.height > Cm(TALLEST_CM):
        shape.width = int(shape.width * Cm(TALLEST_CM) / shape.height)
        shape.height = Cm(TALLEST_CM)
    shape._inline.docPr.set("descr", clean(caption))


def _with_fixed_times(document) -> bytes:
    drafted, written = BytesIO(), BytesIO()
    document.save(drafted)
    with ZipFile(drafted) as draft:
        parts = {name: draft.read(name) for name in draft.namelist()}
    # the package's own list of parts comes first, as its standard advises
    first = ["[Content_Types].xml", "_rels/.rels"]
    ordered = first + sorted(set(parts) - set(first))
    with ZipFile(written, "w") as archive:
        for name in ordered:
            add_file(archive, name, parts[name])
    return written.getvalue()


def add_file(archive: ZipFile, name: str, content: bytes) -> None:
    """Add a file to an archive, always at the same time and with the same rights."""
    entry = ZipInfo(name, WRITTEN.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content)
