"""How to cite the results of a study."""

import re
from importlib.metadata import version

from coupling.words.in_both import Both
from coupling.words.language import _, named

PACKAGE = "coupling-warehouse"
# characters that have a meaning in LaTeX, but backslash and braces
SPECIAL = re.compile(r"([&%$#_])")
ENTRY = """@misc{{{key},
  title = {{{{{title}}}}},
  author = {{{{Coupling Warehouse}}}},
  howpublished = {{Coupling Warehouse, version {version}}},
  note = {{Study {study}, method {method}, build {build}. Data: {data}}}
}}"""


def citation(study: dict, method: dict, build: str, publishers: list[Both]) -> dict:
    """Return what to cite: `version`, `build`, a `sentence` and a `bibtex` entry.

    Parameters
    ----------
    study, method
        A row of `site/studies` and one of `study/method`.
    build
        `digest.of_results`.
    publishers
        `tables.publishers`.

    """
    used = version(PACKAGE)
    offices = "; ".join(office.en for office in publishers)
    years = f"{study['first_year']}-{study['result_year']}"
    return {
        "version": used,
        "build": build,
        "sentence": _(
            "Coupling Warehouse (version {version}). {title}. Study {study}, method "
            "{method}, build {build}."
        ).format(
            version=used,
            title=named(study),
            study=study["study_id"],
            method=method["method_id"],
            build=build,
        ),
        "bibtex": ENTRY.format(
            key=f"coupling_warehouse_{study['study_id']}",
            title=_escaped(study["label"]),
            version=used,
            study=_escaped(study["study_id"]),
            method=_escaped(method["method_id"]),
            build=build,
            data=_escaped(f"{offices or 'not named'}, {years}"),
        ),
    }


def _escaped(text: str) -> str:
    without_braces = re.sub(r"[\\{}]", "", text)
    return SPECIAL.sub(r"\\\1", without_braces)
