r"""A manuscript as LaTeX: booktabs tables, figures by name; for XeLaTeX or LuaLaTeX."""

from coupling.manuscripts.content import Manuscript
from coupling.manuscripts.document import ROWS_PRINTED, clean
from coupling.prose.parts import Column, Figure, Table
from coupling.words.language import CHINESE, ENGLISH, _, spoken

SIGNS = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    # they open and close a list of options after a line's end
    "[": "{[}",
    "]": "{]}",
}
CLASS = {
    CHINESE: r"\documentclass[a4paper,11pt]{ctexart}",
    ENGLISH: r"""\documentclass[a4paper,11pt]{article}
% titles of Chinese yearbooks stand in English texts too
\IfFileExists{ctex.sty}{\usepackage[scheme=plain]{ctex}}{}""",
}
HEAD = r"""
\usepackage{fontspec}
% fonts with the subscripts and Greek letters of the formulas; without one, they lack
\IfFontExistsTF{STIX Two Text}{\setmainfont{STIX Two Text}}{%
  \IfFontExistsTF{DejaVu Serif}{\setmainfont{DejaVu Serif}}{}}
\usepackage[margin=2.5cm]{geometry}
\usepackage{array,booktabs,caption,graphicx,longtable}
\begin{document}
"""


def write_latex(manuscript: Manuscript) -> str:
    """Return the document; its figures are looked for in `figures/`."""
    parts = [
        CLASS[spoken()] + HEAD,
        f"\\title{{{escaped(manuscript.title)}}}\n\\date{{}}\n\\maketitle\n",
        _section(_("Methods")),
        *(
            f"\\paragraph{{{escaped(heading)}}} {escaped(text)}\n"
            for heading, text in manuscript.methods
        ),
        _section(_("Tables")),
        *(_table(table) for table in manuscript.tables),
        _section(_("Figures")),
        *(_figure(figure) for figure in manuscript.figures),
        _section(_("How to cite")),
        *(f"{escaped(text)}\n" for text in manuscript.citation),
        "\\end{document}\n",
    ]
    return "\n".join(parts)


def escaped(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    one_line = " ".join(clean(text).split())
    return "".join(SIGNS.get(character, character) for character in one_line)


def _section(heading: str) -> str:
    return f"\\section*{{{escaped(heading)}}}\n"


def _table(table: Table) -> str:
    if len(table.rows) > ROWS_PRINTED:
        said = _(
            "{number} rows, too many to print: see sheet {sheet} of the workbook."
        ).format(number=f"{len(table.rows):,}", sheet=table.name)
        return f"\\captionof{{table}}{{{escaped(table.caption)}}}\n{escaped(said)}\n"
    parts = [_part(table, part, place) for place, part in enumerate(table.parts())]
    notes = [f"{{\\footnotesize {escaped(note)}\\par}}\n" for note in table.notes]
    return "".join([*parts, *notes])


def _part(table: Table, part: list[int], place: int) -> str:
    columns = [table.columns[index] for index in part]
    caption = escaped(table.caption)
    if place:
        caption += " " + escaped(_("(continued)"))
    lines = [
        "{\\footnotesize\\setlength{\\tabcolsep}{3pt}",
        # the same table, so the same number; each longtable counts one
        *(["\\addtocounter{table}{-1}"] if place else []),
        f"\\begin{{longtable}}{{{''.join(_shapes(columns))}}}",
        f"\\caption{{{caption}}}\\\\",
        "\\toprule",
        _row([column.heading for column in columns]),
        "\\midrule\n\\endhead",
        "\\bottomrule\n\\endfoot",
    ]
    for heading, rows in table.blocks():
        if heading is not None:
            lines.append(
                f"\\multicolumn{{{len(columns)}}}{{l}}"
                f"{{\\textit{{{escaped(heading)}}}}} \\\\"
            )
        for row in rows:
            lines.append(
                _row([table.columns[index].printed(row[index]) for index in part])
            )
    lines.append("\\end{longtable}}\n")
    return "\n".join(lines)


def _shapes(columns: list[Column]) -> list[str]:
    total = sum(column.width for column in columns)
    side = {True: "\\raggedright", False: "\\centering"}
    return [
        f">{{{side[column.has_words]}\\arraybackslash}}"
        f"p{{\\dimexpr{0.99 * column.width / total:.4f}\\linewidth-6pt\\relax}}"
        for column in columns
    ]


def _row(texts: list[str]) -> str:
    return " & ".join(map(escaped, texts)) + " \\\\"


def _figure(figure: Figure) -> str:
    return (
        "\\begin{figure}[htbp]\n\\centering\n"
        "\\includegraphics[width=\\linewidth,height=0.8\\textheight,keepaspectratio]"
        f"{{figures/{figure.name}.png}}\n"
        f"\\caption{{{escaped(figure.caption)}}}\n\\end{{figure}}\n"
    )
