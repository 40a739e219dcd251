"""Files of Stata and SPSS, whatever encoding their texts are in."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

# formats of Stata before 118 state no encoding, and reading them as Latin never fails
READERS = {
    ".dta": (pyreadstat.read_dta, "UTF-8"),
    ".sav": (pyreadstat.read_sav, None),
}
FALLBACK = "GB18030"


def read_statistical(file: Path, **options: Any) -> tuple[pd.DataFrame, Any]:
    """Return the table of a .dta or .sav file, and what the file says of it.

    Texts are in UTF-8 or as the file states, else in GB 18030; `options` are those of
    pyreadstat, whose errors are raised.
    """
    read, encoding = READERS[file.suffix.lower()]
    try:
        return read(file, encoding=encoding, **options)
    except (UnicodeDecodeError, pyreadstat.ReadstatError):
        return read(file, encoding=FALLBACK, **options)
