"""What labels mean: regions, series and units by the names under which tables print."""

import csv
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from coupling.base.texts import YEARS, clean, key, label, read_year, short_place

CITY = "city"
SERIES_COLUMNS = ("series_id", "label", "label_zh", "unit", "min_value", "max_value")
ROLES = {
    "region": "地区 地区名称 省 省份 省市 省(区、市) 省(市、区) 省、自治区、直辖市 "
    "省区 省市区 省市名称 省份名称 区域 行政区划 行政区划代码 地区代码 省份代码 "
    "城市 城市名称 地级市 市 市州 city cities city_name region "
    "regions province provinces area region_code regioncode region_name province_name",
    "year": "年份 年度 年 时间 year years time 统计年度",
    "series": "指标 指标名称 项目 项目名称 indicator indicators series series_id item "
    "items_name variable",
    "value": "数值 值 数据 指标值 value values figure figures obs_value",
    "unit": "单位 计量单位 unit unit_of_measure",
    "skip": "序号 编号 no. 备注 说明 附注 注 来源 数据来源 资料来源 remark remarks "
    "note notes source sources 甲",
}
ROLE_OF = {key(word): role for role, words in ROLES.items() for word in words.split()}
# words that turn a name into another indicator
QUALIFIERS = re.compile(
    r"growth|increase|index|indices|rate|share|proportion|per ?capita|average|"
    r"\bover\b|percent|ratio",
    re.IGNORECASE,
)
HAN = re.compile(r"[\u3400-\u9fff]")
PARENTHESES = re.compile(r"\(([^()]*)\)")
STATED_UNIT = re.compile(
    r"[(\[]?\s*(?:计量单位|单位|\bunits?)\s*:\s*(.+?)\s*(?=\bunits?\s*:|$)",
    re.IGNORECASE,
)
YEAR_IN_TEXT = re.compile(
    r"(?<![0-9\-\u2013\u2014~至/.])\s*\(?((?:19|20)[0-9]{2})(?:\s*年度?|(?![0-9]))\)?"
    r"(?!\s*[\-\u2013\u2014~至/.0-9月季])"
)
PART_OF_YEAR = re.compile(
    r"季度|[0-9一二三四上下]+半年|[0-9]\s*月|quarter|month", re.IGNORECASE
)
PREFIXES = ("", "各", "分", "各地区", "分地区", "各省", "分省", "各省市", "分省市")
SUFFIXES = ("", "byregion", "byprovince", "(分地区)", "(分省)", "情况")


class DictionaryError(Exception):
    """A dictionary that contradicts itself: file, what was found and expected."""


@dataclass(frozen=True)
class RegionName:
    """A name of a region, of the country (total), of a group, or outside of ours."""

    name: str
    kind: str
    region_code: str

    @property
    def is_province(self) -> bool:
        """True of a code such as 340000, which counties and cities do not have."""
        return self.region_code.isdecimal() and self.region_code.endswith("0000")


@dataclass(frozen=True)
class Series:
    """A yearbook series: what it is called, its unit and the bounds of its figures."""

    series_id: str
    label: str
    label_zh: str
    unit: str
    low: Decimal | None
    high: Decimal | None

    @property
    def is_per_head(self) -> bool:
        """True for averages, which provinces do not add up to."""
        labels = f"{self.label} {self.label_zh}"
        return bool(re.search(r"\bper\b|[Aa]verage|人均|平均|每", labels))


@dataclass(frozen=True)
class Unit:
    """A unit as written, what it measures, and its size in base units."""

    name: str
    dimension: str
    factor: Decimal
    is_additive: bool


@dataclass(frozen=True)
class Head:
    """What a heading or label says; parts that it does not name are None or ''."""

    text: str
    role: str = ""
    region: RegionName | None = None
    year: int | None = None
    series_id: str = ""
    is_series_id: bool = False
    unit: Unit | None = None

    @property
    def is_known(self) -> bool:
        """True if all of the text was understood."""
        return bool(
            self.role or self.region or self.year or self.series_id or self.unit
        )


@dataclass
class Dictionary:
    """Names of regions, series and units, looked up by `key`."""

    regions: dict[str, RegionName]
    series: dict[str, Series]
    names: dict[str, str]
    units: dict[str, Unit]
    shown_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember what has been looked up."""
        self.head = lru_cache(maxsize=200_000)(self._head)
        self.region = lru_cache(maxsize=100_000)(self._region)

    def unit(self, text: str) -> Unit | None:
        """The unit that a text names, in one language or two, or None."""
        text = STATED_UNIT.sub(r"\1", label(text)).strip(" :,;")
        found = self.units.get(key(text))
        if found is None and text.startswith("(") and text.endswith(")"):
            found = self.unit(text[1:-1])
        if found is None:
            inner = PARENTHESES.findall(text)
            parts = [PARENTHESES.sub("", text), *inner] if inner else text.split("/")
            units = [self.units.get(key(part)) for part in parts if part.strip()]
            alike = {(u.dimension, u.factor) for u in units if u}
            if units and all(units) and len(alike) == 1:
                found = units[0]
        return found or _in_two_languages(text, lambda t: self.units.get(key(t)), True)

    def _region(self, text: str) -> RegionName | None:
        """The region, country or group that a text names, in one language or two."""
        text = re.sub(r"^([0-9]+)[.]0+$", r"\1", label(text))
        found = self.regions.get(key(text))
        return found or _in_two_languages(
            text, lambda t: self.regions.get(key(t)), True
        )

    def series_of(self, text: str) -> str:
        """The series_id of a name in one language or two; '' if there is none."""
        text = label(text)
        found = self.names.get(key(text))
        if found is None:
            found = _in_two_languages(text, lambda t: self.names.get(key(t)), False)
            rest = HAN.sub("", text)
            if found and QUALIFIERS.search(rest):
                # the translation must not say more than the name
                own = self.series[found].label + " " + found
                said = {w.lower() for w in QUALIFIERS.findall(rest)}
                known = {w.lower() for w in QUALIFIERS.findall(own)}
                found = found if said <= known else None
        return found or ""

    def role(self, text: str) -> str:
        """What a heading says its column holds: region, year, series ...; or ''."""
        text = label(text)
        found = ROLE_OF.get(key(text))
        found = found or _in_two_languages(text, lambda t: ROLE_OF.get(key(t)), True)
        parts = re.split(r"[/\\|]", text)
        if not found and len(parts) == 2 and all(ROLE_OF.get(key(p)) for p in parts):
            found = "corner"
        return found or ""

    def _head(self, text: str) -> Head:
        cleaned = label(text)
        if not key(cleaned):
            return Head(text)
        if role := self.role(cleaned):
            return Head(text, role=role)
        year = read_year(cleaned)
        if year is not None and (year in YEARS or "年" in cleaned):
            return Head(text, year=year)
        if region := self.region(cleaned):
            return Head(text, region=region)
        if unit := self.unit(cleaned):
            return Head(text, unit=unit)
        if series_id := self.series_of(cleaned):
            is_id = key(cleaned) == key(series_id)
            # a unit may be part of the name: 居民消费价格指数(上年=100)
            unit = self.without_unit(cleaned)[1]
            return Head(text, series_id=series_id, is_series_id=is_id, unit=unit)
        return self._composite(text, cleaned)

    def _composite(self, text: str, cleaned: str) -> Head:
        """A heading of several parts, such as 2023年地区生产总值(亿元)."""
        if PART_OF_YEAR.search(cleaned):
            return Head(text)
        rest, unit = self.without_unit(cleaned)
        rest, year = without_year(rest)
        rest = rest.strip(" ,:;_-/")
        if not rest:
            return Head(text, year=year, unit=unit)
        found = Head(
            text,
            role=self.role(rest) if unit else "",
            region=self.region(rest),
            series_id=self.series_of(rest),
        )
        if not found.is_known or (unit is None and year is None):
            return Head(text)
        return Head(text, found.role, found.region, year, found.series_id, unit=unit)

    def without_unit(self, text: str) -> tuple[str, Unit | None]:
        """A text without the units that it names, and the unit; one, or none."""
        units, rest = [], text
        for inner in PARENTHESES.findall(text):
            if unit := self.unit(STATED_UNIT.sub(r"\1", inner)):
                units.append(unit)
                rest = rest.replace(f"({inner})", " ")
        if not units:
            parts = re.split(r"(?<=.)[/_,:\s](?=[^/_,:\s]+$)", text)
            if len(parts) == 2 and self.unit(parts[1]):
                name, unit = parts[0], self.unit(parts[1])
                # GDP_亿元, but not one part of a name such as output_value
                if HAN.search(name) or self.names.get(key(name)):
                    return name, unit
        if len({(u.dimension, u.factor) for u in units}) > 1:
            return text, None
        return clean(rest), units[0] if units else None

    def title(self, text: str) -> Head:
        """What the title of a table says, as far as it says anything."""
        cleaned = re.sub(
            r"^(?:续?表|table)?\s*[0-9]{1,2}(?:[-\u2013\u2014.][0-9]{1,2})*\s+|^续?表\s*",
            "",
            label(text),
            flags=re.IGNORECASE,
        )
        stated = STATED_UNIT.search(cleaned)
        unit = None
        if stated:
            unit = self.unit(stated[1].strip(" )]"))
            cleaned = cleaned[: stated.start()]
        cleaned, own_unit = self.without_unit(cleaned)
        rest, year = without_year(cleaned)
        if PART_OF_YEAR.search(cleaned):
            rest, year = "", None
        series_id = ""
        name = key(rest.strip(" ,:;_-/"))
        for prefix in PREFIXES:
            for suffix in SUFFIXES:
                short = name.removeprefix(prefix).removesuffix(suffix)
                series_id = series_id or self.names.get(short, "")
        series_id = series_id or self.series_of(rest)
        return Head(text, year=year, series_id=series_id, unit=unit or own_unit)

    def nearest(self, text: str, kind: str) -> str:
        """Names that look like a text, for a message: '; nearest: ...' or ''."""
        names = {
            "region": {
                k: r.name for k, r in self.regions.items() if r.kind == "region"
            },
            "series": self.shown_names,
            "unit": {k: u.name for k, u in self.units.items()},
        }[kind]
        asked = key(PARENTHESES.sub("", clean(text)) or text)[:80]
        close = difflib.get_close_matches(asked, names, n=20, cutoff=0.5)
        if kind == "region":
            # of those equally near, provinces first
            close.sort(
                key=lambda name: (
                    -difflib.SequenceMatcher(None, name, asked).ratio(),
                    not self.regions[name].is_province,
                )
            )
        close = close[:3]
        return "; nearest: " + ", ".join(names[k] for k in close) if close else ""


def without_year(text: str) -> tuple[str, int | None]:
    """A text without the one year before it, behind it or in brackets, and the year."""
    years = list(YEAR_IN_TEXT.finditer(text))
    if len(years) != 1:
        return text, None
    (match,) = years
    is_inside = match.start() > 0 and match.end() < len(text)
    if is_inside and not re.fullmatch(r"\s*\(.*\)", match[0]):
        return text, None
    return clean(f"{text[: match.start()]} {text[match.end() :]}"), int(match[1])


def _in_two_languages(text: str, look_up: Callable, both: bool):
    """Look up a Chinese label with its translation behind or before it.

    With `both`, the translation must be known and mean the same; else it may be
    unknown, but must not mean something else.
    """
    if not (HAN.search(text) and re.search(r"[A-Za-z]", text)):
        return None
    for place in range(1, len(text)):
        sides = text[:place].strip(), text[place:].strip()
        for chinese, other in (sides, sides[::-1]):
            if not chinese or HAN.search(other) or not HAN.search(chinese):
                continue
            if not re.match(r"[A-Za-z(0-9%]", other):
                continue
            found, translated = look_up(chinese), look_up(other.strip(" ()"))
            if found is None or (both and translated is None):
                continue
            if translated is None or _same(found, translated):
                return found
    return None


def _same(one, other) -> bool:
    if isinstance(one, RegionName):
        return (one.kind, one.region_code) == (other.kind, other.region_code)
    if isinstance(one, Unit):
        return (one.dimension, one.factor) == (other.dimension, other.factor)
    return one == other


def load_dictionary(
    seeds: Path, workspace: Path, more: dict[str, list[dict]] | None = None
) -> Dictionary:
    """Read the names of regions, series and units: shipped ones and the workspace's.

    `more` has rows by file that count as rows of the workspace.
    A name of a user's own for what is shipped under it already stays with what is
    shipped; one that two series of the user's own bear names neither.

    Raises DictionaryError for a file without its columns, a number that is none, or one
    name for two shipped series.
    """
    shipped, own = seeds / "reference", _Own(workspace / "reference", more or {})
    units: dict[str, Unit] = {}
    regions: dict[str, RegionName] = {}
    series: dict[str, Series] = {}
    for row in _all_rows(shipped, own, "units.csv", ("unit", "dimension", "factor")):
        factor = _number(row["factor"], f"units.csv, {row['unit']}")
        units[key(row["unit"])] = Unit(
            row["unit"], row["dimension"], factor, row["is_additive"] == "1"
        )
    names = ("name", "kind", "region_code")
    for row in _all_rows(shipped, own, "region_names.csv", names):
        regions[key(row["name"])] = RegionName(
            row["name"], row["kind"], row["region_code"]
        )
    for row in (*own.rows("regions.csv", ("region_code",)), *_cities(shipped)):
        code = row["region_code"]
        for name in (code, row.get("region"), row.get("name_zh"), row.get("short")):
            if name and key(name):
                regions.setdefault(key(name), RegionName(name, "region", code))
    for row in _rows(shipped / "series.csv", SERIES_COLUMNS):
        _add_series(series, row, shipped / "series.csv", units)
    found = Dictionary(regions, series, {}, units)
    for one in series.values():
        for name in (one.series_id, one.label, one.label_zh):
            _add_name(found, name, one.series_id)
    for row in _rows(shipped / "series_names.csv", ("name", "series_id")):
        _add_name(found, row["name"], row["series_id"])
    _add_own_series(found, own)
    return found


def _cities(shipped: Path) -> list[dict]:
    """Shipped regions below provinces; `short` is a name without the word for city."""
    found = []
    for row in _rows(shipped / "regions.csv", ("region_code", "level", "name_zh")):
        if row["level"] == CITY:
            found.append(row | {"short": short_place(row["name_zh"])})
    return found


@dataclass(frozen=True)
class _Own:
    """Tables of a workspace, and rows that count as theirs."""

    folder: Path
    more: dict[str, list[dict]]

    def rows(self, name: str, columns: tuple[str, ...]) -> list[dict]:
        path = self.folder / name
        return (_rows(path, columns) if path.exists() else []) + self.more.get(name, [])


def _add_own_series(found: Dictionary, own: _Own) -> None:
    shipped, names = set(found.names), []
    for row in own.rows("series.csv", ("series_id", "unit")):
        _add_series(found.series, row, own.folder / "series.csv", found.units)
        one = found.series[row["series_id"]]
        names += [(name, one.series_id) for name in (one.label, one.label_zh)]
        names.append((one.series_id, one.series_id))
    for row in own.rows("series_names.csv", ("name", "series_id")):
        names.append((row["name"], row["series_id"]))
    meant: dict[str, set[str]] = {}
    for name, series_id in names:
        meant.setdefault(key(name), set()).add(series_id)
    for name, series_id in names:
        if key(name) not in shipped and len(meant[key(name)]) == 1:
            _add_name(found, name, series_id)


def _all_rows(shipped: Path, own: _Own, name: str, columns: tuple[str, ...]):
    """Rows of a table as shipped, then those of the workspace."""
    yield from _rows(shipped / name, columns)
    yield from own.rows(name, columns)


def _number(text: str, place: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise DictionaryError(f"{place}: {text!r} is no number") from error


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise DictionaryError(f"{path.name} lacks {', '.join(sorted(missing))}")
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DictionaryError(f"{path.name} cannot be read: {error}") from error


def _add_series(series: dict, row: dict, path: Path, units: dict) -> None:
    name, unit = row["series_id"], row["unit"]
    place = f"{path.parent.parent.name}/reference/{path.name}, {name}"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise DictionaryError(f"{place}: a series_id is letters, digits and _")
    # a unit that no table knows converts to nothing but itself
    units.setdefault(key(unit), Unit(unit, unit, Decimal(1), False))
    if name in series and series[name].unit != unit:
        raise DictionaryError(
            f"{place}: the unit {unit!r} is not {series[name].unit!r}, as shipped"
        )
    low, high = (
        _number(row[bound], place) if row.get(bound) else None
        for bound in ("min_value", "max_value")
    )
    labels = row.get("label") or "", row.get("label_zh") or ""
    series[name] = Series(name, *labels, unit, low, high)


def _add_name(found: Dictionary, name: str, series_id: str) -> None:
    if not key(name):
        return
    other = found.names.setdefault(key(name), series_id)
    if other != series_id:
        raise DictionaryError(
            f"the name {name!r} stands for two series, {other} and {series_id}"
        )
    found.shown_names[key(name)] = name
