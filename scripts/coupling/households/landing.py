"""Land a household survey file: map its variables, keep what stands, say what not."""

import csv
import difflib
import hashlib
import json
import math
import re
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyreadstat

from coupling.base.limited import LimitError, read_within_limits
from coupling.base.paths import Paths, workspace
from coupling.base.statistical import read_statistical
from coupling.landing.dictionary import Dictionary, load_dictionary
from coupling.words.in_both import Both, in_both

AMOUNTS = [
    "net_income_cny",
    "total_expenditure_cny",
    "total_assets_cny",
    "non_mortgage_debt_cny",
]
NUMBERS = [*AMOUNTS, "family_size", "weight"]
OUR_COLUMNS = {"household_id", "region_code", *NUMBERS}
COMBINE = {"", "sum", "sum_complete", "count"}
CONVERSIONS = {"", "province_2_digit"}
HOUSEHOLDS = pa.schema(
    [
        ("survey_id", pa.string()),
        ("household_id", pa.string()),
        ("region_code", pa.string()),
        ("survey_year", pa.int64()),
        ("currency", pa.string()),
        *((name, pa.float64()) for name in NUMBERS),
    ]
)
REJECTS = pa.schema(
    [
        ("survey_id", pa.string()),
        ("household_id", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
        ("column_name", pa.string()),
        ("found", pa.string()),
        ("reason", pa.string()),
        ("reason_zh", pa.string()),
    ]
)
LABELS = pa.schema(
    [
        ("survey_id", pa.string()),
        ("household_id", pa.string()),
        ("anomaly_kind", pa.string()),
    ]
)
# Python reads more as a number than a survey file means by one: 'nan', '1_000'
NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
# two digits of GB/T 2260 for the provinces of seeds/reference/regions.csv
PROVINCES = frozenset(
    (
        *(*range(11, 16), *range(21, 24), *range(31, 38)),
        *(*range(41, 47), *range(50, 55), *range(61, 66)),
    )
)
# between which our numbers lie; amounts in the currency of the survey
LARGEST_AMOUNT = 1e12
BOUNDS = {
    "net_income_cny": (-LARGEST_AMOUNT, LARGEST_AMOUNT),
    "total_expenditure_cny": (0, LARGEST_AMOUNT),
    "total_assets_cny": (-LARGEST_AMOUNT, LARGEST_AMOUNT),
    "non_mortgage_debt_cny": (0, LARGEST_AMOUNT),
    "family_size": (1, 100),
    "weight": (0, 1e9),
}
# what questionnaires write where they have no answer, and labels of its codes
NO_ANSWER = {
    *("don't know", "do not know", "refused", "refuse", "refuse to answer"),
    *("n/a", "not applicable", "inapplicable", "missing", "unknown", "."),
    *(
        "不知道",
        "拒绝回答",
        "拒答",
        "不适用",
        "缺失",
        "缺失值",
        "无法判断",
        "未知",
        "不详",
    ),
}
# households that can be judged below which none is: see int_households_screened
FEWEST_ASSESSABLE = 30
LONGEST_ID = 100
COMMONEST_FAULTS = 3
SIMULATED = "simulated_"


class LandingError(Exception):
    """A file or a mapping that cannot be landed: what was found, what was expected."""


@dataclass(frozen=True)
class Variable:
    """One row of the mappings: a variable of the file and what becomes of it.

    `combine` is blank for the only variable of our column, 'sum' to add the known
    parts, 'sum_complete' to add parts that must all be known, 'count' for the number
    of different values in a file with several rows per household. A value is
    multiplied by `factor`; a negative one subtracts.
    """

    name: str
    our_column: str
    combine: str
    missing_codes: tuple[str, ...]
    factor: float
    conversion: str
    is_required: bool


@dataclass(frozen=True)
class Mapping:
    """How the variables of one survey become the columns of the contract."""

    survey: str
    survey_year: int
    currency: str
    variables: tuple[Variable, ...]

    def of(self, our_column: str) -> list[Variable]:
        """Variables that make up one of our columns."""
        return [v for v in self.variables if v.our_column == our_column]

    @property
    def has_row_per_person(self) -> bool:
        """True where a household has a row for each of its persons."""
        return any(variable.combine == "count" for variable in self.variables)


@dataclass(frozen=True)
class LandingResult:
    """What became of a file: frames as written, and counts of its rows.

    Every row read is landed, rejected, or folded into the row of its household where
    the file has a row per person. A rejected row has a line in `rejects` per fault.
    """

    survey: str
    households: pd.DataFrame
    rejects: pd.DataFrame
    rows_read: int
    rows_landed: int
    rows_rejected: int
    rows_folded: int
    files: tuple[Path, ...]

    @property
    def warning(self) -> str:
        """Why the survey will not be screened, '' if it will be."""
        assessable = self.households[is_assessable(self.households)]
        count = len(assessable)
        if count >= FEWEST_ASSESSABLE:
            if len(assessable[[*AMOUNTS, "family_size"]].drop_duplicates()) > 1:
                return ""
            return (
                f"{self.survey} will be published and not screened: all of its"
                f" {count:,} households that can be assessed are alike"
            )
        return (
            f"{self.survey} will be published and not screened: {count:,} of its "
            f"{self.rows_landed:,} households can be assessed; the detectors need "
            f"{FEWEST_ASSESSABLE}"
        )

    @property
    def summary(self) -> str:
        """The counts as a sentence."""
        folded = f", {self.rows_folded:,} folded" if self.rows_folded else ""
        return (
            f"{self.survey}: {self.rows_read:,} rows read, {self.rows_landed:,} landed,"
            f" {self.rows_rejected:,} rejected{folded}"
        )


def load_mapping(path: Path, survey: str) -> Mapping:
    """Read the rows of `survey` from the seed of mappings.

    Rows without our_column name variables that are known and not used. Raises
    LandingError for a survey without rows, and for rows that contradict each other.
    """
    seed = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = seed[seed["survey"] == survey]
    if rows.empty:
        known = sorted(set(seed["survey"]))
        near = difflib.get_close_matches(survey, known)
        hint = f"did you mean {' or '.join(near)}?" if near else "known surveys: "
        raise LandingError(
            f"{path.name} has no mapping for the survey {survey!r}; {hint}"
            + ("" if near else ", ".join(known))
        )
    used = rows[rows["our_column"] != ""]
    faults = [fault for row in used.to_dict("records") for fault in _row_faults(row)]
    for column in ("survey_year", "currency"):
        if used[column].nunique() != 1:
            faults.append(f"{column} has the values {', '.join(used[column].unique())}")
    if not used["survey_year"].str.fullmatch("[0-9]{4}").all():
        faults.append("survey_year is not a year")
    for column, parts in used.groupby("our_column"):
        rules = set(parts["combine"])
        if len(rules) > 1 or (len(parts) > 1 and not rules <= {"sum", "sum_complete"}):
            faults.append(f"the {len(parts)} variables of {column} do not combine")
    if "household_id" not in set(used["our_column"]):
        faults.append("no variable becomes household_id")
    if faults:
        raise LandingError(f"{path.name}, survey {survey}: {'; '.join(faults)}")
    return Mapping(
        survey,
        int(used["survey_year"].iloc[0]),
        used["currency"].iloc[0],
        tuple(_variable(row) for row in used.to_dict("records")),
    )


def _row_faults(row: dict) -> list[str]:
    name, column, combine = row["source_variable"], row["our_column"], row["combine"]
    faults = []
    if column not in OUR_COLUMNS:
        faults.append(f"{name} becomes {column}, which is no column of ours")
    if combine not in COMBINE or (combine and column not in NUMBERS):
        faults.append(f"{name} becomes {column} with the unknown rule {combine!r}")
    if row["conversion"] not in CONVERSIONS:
        faults.append(f"{name} has the unknown conversion {row['conversion']!r}")
    if row["required"] not in ("0", "1"):
        faults.append(f"{name} has required {row['required']!r}, not 0 or 1")
    is_number = re.fullmatch(NUMBER, row["factor"]) and float(row["factor"]) != 0
    if not is_number or not math.isfinite(float(row["factor"])):
        faults.append(f"{name} has the factor {row['factor']!r}")
    return faults


def _variable(row: dict) -> Variable:
    codes = (code.strip() for code in row["missing_codes"].split(";"))
    return Variable(
        row["source_variable"],
        row["our_column"],
        row["combine"],
        tuple(code for code in codes if code),
        float(row["factor"]),
        row["conversion"],
        row["required"] == "1" or row["our_column"] == "household_id",
    )


def read_survey(file: Path, variables: Iterable[str] | None = None) -> pd.DataFrame:
    """Read a survey file (.dta, .sav, .csv, .parquet) as text, in the order of rows.

    `variables` limits what is read to those of them that the file has. Case does not
    count; names are lower case in the result. Whole numbers have no decimal point;
    blanks and what the format holds to be missing are missing. A CSV file is in UTF-8
    or GB 18030 with , ; | or tab between fields.

    Raises LandingError for a file that is not there, empty, unreadable or of another
    kind, for names that differ by case only, and for one that takes more memory or time
    than a file of its size may.
    """
    return _read_within_limits(file, variables)[1]


def _read_within_limits(
    file: Path, variables: Iterable[str] | None
) -> tuple[list[str], pd.DataFrame]:
    """Names of all variables in the file's order and spelling, and some of them."""
    wanted = None if variables is None else {name.lower() for name in variables}
    if file.suffix.lower() not in OPENERS:
        raise LandingError(f"{file.name} is none of {', '.join(OPENERS)}")
    if not file.is_file():
        raise LandingError(f"there is no file {file.name}")
    if file.stat().st_size == 0:
        raise LandingError(f"{file.name} is empty; expected variables and rows")
    try:
        return read_within_limits(_read_survey, file, wanted)
    except LimitError as error:
        raise LandingError(str(error)) from error


def _read_survey(file: Path, wanted: set[str] | None) -> tuple[list[str], pd.DataFrame]:
    with _reading(file):
        names, read = OPENERS[file.suffix.lower()](file)
        picked = [n for n in names if wanted is None or n.lower() in wanted]
        lower = [name.lower() for name in picked]
        twice = sorted({name for name in lower if lower.count(name) > 1})
        if twice:
            raise LandingError(f"{file.name} has more than one {', '.join(twice)}")
        frame = read(picked)[picked] if picked else pd.DataFrame()
    texts = {name.lower(): _as_text(frame[name]) for name in picked}
    return names, pd.DataFrame(texts, index=range(len(frame)))


@contextmanager
def _reading(file: Path):
    try:
        yield
    except (LandingError, MemoryError):
        raise
    except (
        pa.ArrowException,
        pyreadstat.PyreadstatError,
        pyreadstat.ReadstatError,
        csv.Error,
        OSError,
        ValueError,
    ) as error:
        kind = file.suffix[1:].lower()
        raise LandingError(f"{file.name} cannot be read as {kind}: {error}") from error


def _open_statistical(file: Path):
    names = read_statistical(file, metadataonly=True)[1].column_names
    return names, lambda picked: read_statistical(file, usecols=picked)[0]


def _open_csv(file: Path):
    encoding = _encoding(file)
    with file.open(encoding=encoding, newline="") as lines:
        header = lines.readline()
        delimiter = max(",;|\t", key=header.count)
        lines.seek(0)
        names = next(csv.reader(lines, delimiter=delimiter))

    def read(picked: list[str]) -> pd.DataFrame:
        table = pyarrow.csv.read_csv(
            file,
            pyarrow.csv.ReadOptions(encoding=encoding),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                include_columns=picked,
                column_types=dict.fromkeys(picked, pa.string()),
                strings_can_be_null=False,
            ),
        )
        return table.to_pandas()

    return names, read


def _encoding(file: Path) -> str:
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
            return encoding
        except UnicodeDecodeError as error:
            place = error.start
    raise LandingError(f"{file.name} is neither UTF-8 nor GB 18030 (byte {place})")


def _open_parquet(file: Path):
    names = pq.read_schema(file).names

    def read(picked: list[str]) -> pd.DataFrame:
        # Arrow types, since a whole number beside a gap would become a float
        table = pq.read_table(file, columns=picked)
        return table.to_pandas(types_mapper=pd.ArrowDtype, ignore_metadata=True)

    return names, read


# each gives the names of the variables, and a function that reads some of them
OPENERS = {
    ".dta": _open_statistical,
    ".sav": _open_statistical,
    ".csv": _open_csv,
    ".parquet": _open_parquet,
}


def _as_text(column: pd.Series) -> pd.Series:
    return pd.Series([_text(v) for v in column.astype(object)], dtype="str")


def _text(value) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() or None


def is_assessable(households: pd.DataFrame) -> pd.Series:
    """Say of each landed household whether int_households_screened assesses it.

    It does where income or expenditure is known and no debt stands against assets of 0.
    """
    income, expenditure, assets, debt = (households[name] for name in AMOUNTS)
    return (income.notna() | expenditure.notna()) & ~((debt > 0) & (assets == 0))


def land_households(
    file: Path, survey: str, mappings: Path, workspace: Path
) -> LandingResult:
    """Land the households of a survey file as `survey` is mapped in `mappings`.

    Writes three files to `workspace`/households, each whole beside its place before
    any is moved there; the same file lands as the same bytes:

    - <survey>.households.parquet: one row per household, sorted by household_id;
    - <survey>.rejects.parquet: one row per fault of a row; source_row 1 is the first
      after the header;
    - <survey>.origin.json: file, checksum and counts.

    A row is rejected without a household_id or with one of over LONGEST_ID characters,
    with text or an infinite number where a number is meant, a number outside of BOUNDS,
    a family size that is not whole, a region that is no province, or a household that
    an earlier row has too; where such rows contradict each other, all of them. In a
    file with a row per person (a mapping that counts them) equal rows of a household
    are folded into one, none rejected.

    Raises LandingError for a survey whose name says that it is simulated, as
    load_mapping and read_survey do, and for a file without a required variable,
    without rows, or of which no row stands.
    """
    if survey.startswith(SIMULATED):
        raise LandingError(
            f"{survey} is the name of a simulated survey; files are landed under a name"
            f" without {SIMULATED}"
        )
    mapping = load_mapping(mappings, survey)
    found, raw = _read_within_limits(file, (v.name for v in mapping.variables))
    absent = _absent_variables(file, found, mapping, mappings)
    if raw.empty:
        raise LandingError(f"{file.name} has variables and no rows")
    households, faults, is_folded = _map_rows(raw, mapping)
    rejects = _rejects(faults, households["household_id"], survey, file.name)
    is_rejected = households.index.isin(rejects["source_row"] - 1)
    standing = households[~is_rejected & ~is_folded]
    standing = standing.sort_values("household_id", ignore_index=True)
    if standing.empty:
        raise LandingError(_none_stands(file, rejects, len(raw)))
    counts = {
        "rows_read": len(raw),
        "rows_landed": len(standing),
        "rows_rejected": int(is_rejected.sum()),
        "rows_folded": int((is_folded & ~is_rejected).sum()),
    }
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    origin = {
        "survey": survey,
        "file": file.name,
        "sha256": digest,
        **counts,
        "optional_variables_not_in_file": absent,
    }
    files = _write_together(
        workspace / "households",
        {
            f"{survey}.households.parquet": _parquet(standing, HOUSEHOLDS),
            f"{survey}.rejects.parquet": _parquet(rejects, REJECTS),
            f"{survey}.origin.json": _json(origin),
        },
    )
    return LandingResult(survey, standing, rejects, **counts, files=files)


def _none_stands(file: Path, rejects: pd.DataFrame, rows: int) -> str:
    """Say why no row of a file lands, the commonest faults with their first row."""
    groups = sorted(
        rejects.groupby(["column_name", "reason"], sort=True),
        key=lambda group: -len(group[1]),
    )
    faults = "; ".join(
        f"{len(group):,} x {column}: {reason} (row {group['source_row'].min()}: found "
        f"{_shown(group.sort_values('source_row')['found'].iloc[0])})"
        for (column, reason), group in groups[:COMMONEST_FAULTS]
    )
    return f"{file.name}: none of its {rows:,} rows can stand. {faults}"


def _shown(found) -> str:
    return "a blank" if pd.isna(found) else f"{found}"[:40]


def _absent_variables(
    file: Path, found: list[str], mapping: Mapping, mappings: Path
) -> list[str]:
    """Optional variables that the file lacks; LandingError for required ones."""
    lower = {name.lower() for name in found}
    absent = [v for v in mapping.variables if v.name.lower() not in lower]
    lacking = list(dict.fromkeys(v.name for v in absent if v.is_required))
    if lacking:
        shown = ", ".join(found[:20]) + (", ..." if len(found) > 20 else "")
        raise LandingError(
            f"{file.name} lacks {', '.join(lacking)}, which {mappings.name} asks of"
            f" {mapping.survey}; it has {len(found)} variables: {shown}"
        )
    return sorted({v.name for v in absent})


# what is wrong with rows: which, the variable, the text found, the reason or one a row
Fault = tuple[pd.Series, str, pd.Series, Both | list[Both]]


def _map_rows(
    raw: pd.DataFrame, mapping: Mapping
) -> tuple[pd.DataFrame, list[Fault], pd.Series]:
    """Rows of the contract, their faults, and which rows are folded into another."""
    (id_variable,) = mapping.of("household_id")
    found_ids = raw[id_variable.name.lower()]
    # some exports write whole numbers with a decimal point
    ids = _clean(found_ids, id_variable).str.replace(
        r"^([0-9]+)\.0+$", r"\1", regex=True
    )
    faults: list[Fault] = [
        (ids.isna(), id_variable.name, found_ids, in_both("no household_id")),
        (
            ids.str.len().gt(LONGEST_ID),
            id_variable.name,
            found_ids.str.slice(0, LONGEST_ID),
            in_both("longer than {number} characters", number=LONGEST_ID),
        ),
    ]
    columns = {
        "survey_id": pd.Series(mapping.survey, raw.index, dtype="str"),
        "household_id": ids,
        "region_code": _region(raw, mapping, faults),
        "survey_year": pd.Series(mapping.survey_year, raw.index),
        "currency": pd.Series(mapping.currency, raw.index, dtype="str"),
        **{name: _amount(raw, name, mapping, ids, faults) for name in NUMBERS},
    }
    size = columns["family_size"]
    for variable in mapping.of("family_size")[:1]:
        bad = size.notna() & ~((size >= 1) & (size == size.round()))
        found = raw.get(variable.name.lower(), size)
        reason = in_both("not a whole number above 0")
        faults.append((bad, variable.name, found, reason))
    for name in NUMBERS:
        faults += _out_of_bounds(columns[name], name, mapping, raw)
    return pd.DataFrame(columns), faults, _repeated(raw, mapping, ids, faults)


def _out_of_bounds(
    values: pd.Series, name: str, mapping: Mapping, raw: pd.DataFrame
) -> list[Fault]:
    """Faults of one of our numbers that lies outside its bounds."""
    low, high = BOUNDS[name]
    variables = [v for v in mapping.of(name) if v.name.lower() in raw]
    bad = values.notna() & ~values.between(low, high)
    # of a family size that is none, another fault tells
    bad &= ~((name == "family_size") & (values < low))
    if not variables or not bad.any():
        return []
    (variable, *others) = variables
    found = raw[variable.name.lower()]
    if others:
        found = values.map("{:.15g} in all".format)
    reason = in_both("not from {low} to {high}", low=f"{low:,.0f}", high=f"{high:,.0f}")
    return [(bad, variable.name, found, reason)]


def _clean(column: pd.Series, variable: Variable) -> pd.Series:
    """The texts of a variable, missing codes missing, numbers compared as numbers."""
    is_number = [bool(re.fullmatch(NUMBER, code)) for code in variable.missing_codes]
    codes = zip(variable.missing_codes, is_number, strict=True)
    numbers = {float(code) for code, as_number in codes if as_number}
    texts = {code.casefold() for code in variable.missing_codes}
    folded = column.str.strip().str.casefold()
    if variable.our_column != "household_id":
        texts |= NO_ANSWER
    return column.mask(folded.isin(texts) | _number(column).isin(numbers))


def _number(text: pd.Series) -> pd.Series:
    """Floats of the texts that are numbers, infinite ones among them; else NaN."""
    readable = text.str.fullmatch(NUMBER, na=False)
    # not pd.to_numeric, whose last digit can be off
    values = text.where(readable).to_numpy(dtype=object, na_value=np.nan)
    return pd.Series(values.astype(float), text.index)


def _region(raw: pd.DataFrame, mapping: Mapping, faults: list[Fault]) -> pd.Series:
    missing = pd.Series(None, raw.index, dtype="str")
    for variable in mapping.of("region_code"):
        if variable.name.lower() not in raw:
            return missing
        text = _clean(raw[variable.name.lower()], variable)
        if variable.conversion != "province_2_digit":
            return text
        number = _number(text).fillna(text.map(_province))
        good = number.isin(PROVINCES)
        reason = in_both("not a two-digit code of a province, nor the name of one")
        faults.append((text.notna() & ~good, variable.name, text, reason))
        return missing.mask(good, number.map("{:.0f}0000".format).astype("str"))
    return missing


def _province(text: str | None) -> float:
    """Two digits of the province that a text names, as 31 上海市 does; NaN for none."""
    if text is None or pd.isna(text):
        return np.nan
    digits, _, rest = text.partition(" ")
    is_label = digits.isdecimal() and rest != ""
    found = _names().region(rest if is_label else text)
    if found is None or not found.is_province:
        return np.nan
    code = found.region_code[:2]
    return np.nan if is_label and digits != code else float(code)


@cache
def _names() -> Dictionary:
    """Names of the seeds, as `coupling land` knows them."""
    seeds = Paths().seeds
    return load_dictionary(seeds, seeds / "none")


def _amount(
    raw: pd.DataFrame,
    our_column: str,
    mapping: Mapping,
    ids: pd.Series,
    faults: list[Fault],
) -> pd.Series:
    """One of our numbers in the contract's unit, NaN where not known."""
    variables = mapping.of(our_column)
    parts = [v for v in variables if v.name.lower() in raw]
    if not parts:
        return pd.Series(np.nan, raw.index)
    texts = [_clean(raw[v.name.lower()], v) for v in parts]
    rule = parts[0].combine
    if rule == "count":
        count = texts[0].groupby(ids).transform("nunique").astype(float)
        return count.where(count > 0)
    values = pd.concat(
        [_number(text) * v.factor for text, v in zip(texts, parts, strict=True)],
        axis="columns",
        keys=range(len(parts)),
    )
    for place, (text, variable) in enumerate(zip(texts, parts, strict=True)):
        bad = text.notna() & ~np.isfinite(values[place])
        faults.append((bad, variable.name, text, in_both("not a finite number")))
    if rule == "sum_complete" and len(parts) < len(variables):
        return pd.Series(np.nan, raw.index)
    needed = len(parts) if rule == "sum_complete" else 1
    return values.where(np.isfinite(values)).sum(axis="columns", min_count=needed)


def _repeated(
    raw: pd.DataFrame, mapping: Mapping, ids: pd.Series, faults: list[Fault]
) -> pd.Series:
    """Report households on several rows; say which rows another one stands for."""
    (id_variable,) = mapping.of("household_id")
    compared = {
        v.name.lower(): _clean(raw[v.name.lower()], v)
        for v in mapping.variables
        if v.combine != "count" and v.name.lower() in raw
    }
    compared = pd.DataFrame(compared | {id_variable.name.lower(): ids})
    versions = ids[~compared.duplicated()].value_counts()
    rows = pd.Series(raw.index + 1, raw.index)
    first = ids.map(rows.groupby(ids).min())
    contradicts = ids.map(versions).fillna(0) > 1
    again = ids.duplicated() & ids.notna() & ~contradicts
    reasons = [
        in_both("a household of other rows with other values")
        if row == at
        else in_both(
            "the same household as in row {row}, with other values", row=f"{at:.0f}"
        )
        for row, at in zip(rows[contradicts], first[contradicts], strict=True)
    ]
    faults.append((contradicts, id_variable.name, ids, reasons))
    if mapping.has_row_per_person:
        return again
    reasons = [
        in_both("the same household as in row {row}", row=f"{at:.0f}")
        for at in first[again]
    ]
    faults.append((again, id_variable.name, ids, reasons))
    return pd.Series(False, raw.index)


def _rejects(
    faults: list[Fault], ids: pd.Series, survey: str, file_name: str
) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "survey_id": survey,
                "household_id": ids[bad],
                "source_file": file_name,
                "source_row": ids.index[bad] + 1,
                "column_name": variable,
                "found": found[bad],
                "reason": [each.en for each in reasons],
                "reason_zh": [each.zh for each in reasons],
            }
        )
        for bad, variable, found, reason in faults
        for reasons in [[reason] * bad.sum() if isinstance(reason, Both) else reason]
    ]
    texts = {f.name: "str" for f in REJECTS if f.type == pa.string()}
    rejects = pd.concat(parts).astype(texts | {"source_row": "int64"})
    order = ["household_id", "source_row", "column_name", "reason"]
    return rejects.drop_duplicates().sort_values(order, ignore_index=True)


def _parquet(frame: pd.DataFrame, schema: pa.Schema) -> bytes:
    table = pa.Table.from_pandas(frame, schema, preserve_index=False)
    sink = pa.BufferOutputStream()
    # without the metadata, which names versions of the libraries
    pq.write_table(table.replace_schema_metadata(), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _json(record: dict) -> bytes:
    text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _write_together(folder: Path, contents: dict[str, bytes]) -> tuple[Path, ...]:
    """Write all files beside their places first, then move them there."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {name: folder / f".{name}.part" for name in contents}
    try:
        for name, part in parts.items():
            part.write_bytes(contents[name])
        return tuple(part.replace(folder / name) for name, part in parts.items())
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def land_simulated(
    households: pd.DataFrame, labels: pd.DataFrame, survey: str, workspace: Path
) -> tuple[Path, ...]:
    """Land a simulated survey and the labels of what was planted in it.

    The frames are those of simulation.simulate. Raises LandingError unless the name of
    the survey says that it is simulated.
    """
    if not survey.startswith(SIMULATED):
        raise LandingError(f"a simulated survey is named {SIMULATED}..., not {survey}")
    return _write_together(
        workspace / "households",
        {
            f"{survey}.households.parquet": _parquet(
                households.assign(survey_id=survey), HOUSEHOLDS
            ),
            f"{survey}.labels.parquet": _parquet(
                labels.assign(survey_id=survey), LABELS
            ),
        },
    )


def landed(kind: str, schema: pa.Schema) -> pa.Table:
    """Read what all surveys in the workspace landed, in the order of their names.

    `kind` is 'households', 'rejects' or 'labels'. Without a file the table is empty.
    """
    folder = workspace() / "households"
    files = sorted(folder.glob(f"*.{kind}.parquet"))
    parts = [pq.read_table(file, schema=schema) for file in files]
    return pa.concat_tables([schema.empty_table(), *parts])
