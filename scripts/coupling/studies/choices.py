"""What a user chooses about a panel: systems, directions, name, method, years.

Both by options, in the template, in rows above the headings, by the study that the file
revises, or in a terminal; what is said first in this order holds.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from coupling.base.names import nearest
from coupling.base.texts import clean, column_letter, key
from coupling.panels.panel import Indicator, Panel
from coupling.panels.words import SaidError
from coupling.words.in_both import Both

DEFAULT_METHOD = "entropy_topsis"
DEFAULT_GRADES = "six_levels"
TOKENS = re.compile(r"\s*[,，;；、]\s*")
RANGE = re.compile(r"([0-9]+)\s*[-\u2013~至:]\s*([0-9]+)")
YEARS = re.compile(r"([0-9]{4})(?:\s*[-\u2013~至:]\s*([0-9]{4}))?")


class ChoiceError(SaidError):
    """Something asked for that cannot be; the message says what can."""


def refuse(english: str, chinese: str) -> NoReturn:
    """Raise ChoiceError with a sentence in both languages."""
    raise ChoiceError(Both(english, chinese))


@dataclass(frozen=True)
class Options:
    """What the command line says of a study; '' and () where it says nothing."""

    name: str = ""
    systems: tuple[str, ...] = ()
    negative: str = ""
    leave_out: str = ""
    method: str = ""
    years: str = ""
    grades: str = ""


@dataclass
class Grade:
    """A grade of one's own: the interval (lower, upper] and its name."""

    lower: float
    upper: float
    grade: str


@dataclass
class Stated:
    """What a template, rows above the headings or an earlier study say.

    Indicators are named by their place in the panel, from 0.
    """

    name: str = ""
    label: str = ""
    systems: dict[str, list[int]] = field(default_factory=dict)
    directions: dict[int, str] = field(default_factory=dict)
    criteria: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    weights: dict[int, float] = field(default_factory=dict)
    goalposts: dict[int, tuple[float, float]] = field(default_factory=dict)
    contributions: dict[str, float] = field(default_factory=dict)
    method: str = ""
    years: str = ""
    grade_scheme: str = ""
    grades: list[Grade] = field(default_factory=list)


@dataclass
class Choices:
    """A study as chosen: everything that its rows need beside the panel."""

    study_id: str
    label: str
    systems: dict[str, list[int]]
    directions: dict[int, str]
    contributions: dict[str, float]
    first_year: int
    last_year: int
    method: str
    grade_scheme: str
    criteria: dict[int, str]
    units: dict[int, str]
    weights: dict[int, float]
    goalposts: dict[int, tuple[float, float]]
    grades: list[Grade]
    remarks: list[Both] = field(default_factory=list)

    @property
    def used(self) -> list[int]:
        """Indicators of the study in the order of the file."""
        return sorted(place for places in self.systems.values() for place in places)

    def system_of(self, place: int) -> str:
        """Name of the system that an indicator belongs to."""
        return next(name for name, has in self.systems.items() if place in has)


Ask = Callable[[Panel], tuple[dict[str, list[int]], dict[int, str]]]


def choose(
    panel: Panel,
    options: Options,
    sources: list[Stated],
    ask: Ask | None = None,
) -> Choices:
    """Put together what is said of a study.

    `sources` are in order of precedence, after the options; `ask` asks for systems and
    directions where nobody says any. Raises ChoiceError.
    """
    remarks: list[Both] = []
    left_out = columns_of(panel, options.leave_out, "--leave-out")
    said = next((s for s in sources if s.systems), None)
    directions: dict[int, str] = {}
    if options.systems:
        systems = _systems(panel, options.systems)
    elif said:
        systems = {name: list(places) for name, places in said.systems.items()}
    elif ask:
        systems, directions = ask(panel)
    else:
        raise ChoiceError(_how_to_say(panel))
    systems = {
        name: [p for p in places if p not in left_out]
        for name, places in systems.items()
    }
    _check_systems(panel, systems, left_out)
    used = sorted(p for places in systems.values() for p in places)
    if options.negative:
        negative = columns_of(panel, options.negative, "--negative")
        _check_negative(panel, negative, used)
        directions = {p: "-" if p in negative else "+" for p in used}
    else:
        for source in reversed(sources):
            directions |= source.directions
    unsaid = [p for p in used if p not in directions]
    if unsaid:
        remarks.append(
            Both(
                "more is taken as better for indicators of which nothing else is said;"
                " --negative names the others",
                "未说明方向的指标均按正向处理；负向指标以 --negative 指明",
            )
        )
    directions = {p: directions.get(p, "+") for p in used}
    first, last = _years(panel, options.years or _first(sources, "years"), used)
    label = _label(panel, options, sources)
    return Choices(
        study_id=slug(options.name or _first(sources, "name") or label),
        label=label,
        systems=systems,
        directions=directions,
        contributions=_contributions(systems, _first(sources, "contributions")),
        first_year=first,
        last_year=last,
        method=options.method or _first(sources, "method"),
        grade_scheme=options.grades or _first(sources, "grade_scheme"),
        criteria=_merged(sources, "criteria", used),
        units=_merged(sources, "units", used),
        weights=_weights(panel, _merged(sources, "weights", used), systems),
        goalposts=_merged(sources, "goalposts", used),
        grades=[] if options.grades else _first(sources, "grades") or [],
        remarks=remarks,
    )


def slug(name: str) -> str:
    """A study_id of a name: its ASCII letters and digits, or a hash if it has none."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = "_".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("_")
    if not re.search(r"[a-z]", made):
        digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
        return f"study_{digest[:8]}"
    return made if made[0].isalpha() else f"study_{made}"


def find_indicator(panel: Panel, text: str) -> int | None:
    """Place of the indicator that a number or a name means; None if none does."""
    wanted = key(text)
    for place, one in enumerate(panel.indicators):
        names = (one.heading, one.label, *one.names)
        if wanted in (str(one.number), *map(key, names)):
            return place
    return None


def shown_indicator(one: Indicator) -> str:
    """An indicator as a user sees it in a message: number and heading."""
    return f"{one.number} {one.heading}"


# --- systems -------------------------------------------------------------------------


def _systems(panel: Panel, said: tuple[str, ...]) -> dict[str, list[int]]:
    systems: dict[str, list[int]] = {}
    for text in said:
        name, equals, columns = text.partition("=")
        name = clean(name)
        if not equals or not name or not columns.strip():
            refuse(
                f"--system {text}: found no name and columns; expected NAME=COLUMNS,"
                ' such as --system "Digital economy=3-8"',
                f"--system {text}：缺少名称或列；应为 名称=列，"
                '如 --system "数字经济=3-8"',
            )
        if name in systems:
            refuse(
                f"--system {name}: found twice; expected each system once",
                f"--system {name}：重复；每个系统只写一次",
            )
        systems[name] = columns_of(panel, columns, f'--system "{name}"')
    return systems


def listed(text: str) -> list[str]:
    """The names in a list with commas, English or Chinese, between them."""
    return [token for token in TOKENS.split(text.strip()) if token]


def columns_of(panel: Panel, text: str, option: str) -> list[int]:
    """Places of indicators that a list of numbers, ranges and names means."""
    if not text.strip():
        return []
    whole = find_indicator(panel, text)
    if whole is not None:
        return [whole]
    found: list[int] = []
    for token in listed(text):
        match = RANGE.fullmatch(token)
        if match and find_indicator(panel, token) is None:
            found += _range(panel, int(match[1]), int(match[2]), option)
            continue
        place = find_indicator(panel, token)
        if place is None:
            raise ChoiceError(_unknown(panel, token, option))
        found.append(place)
    return list(dict.fromkeys(found))


def _range(panel: Panel, first: int, last: int, option: str) -> list[int]:
    by_number = {one.number: place for place, one in enumerate(panel.indicators)}
    for number in (first, last):
        if number not in by_number:
            raise ChoiceError(_unknown(panel, str(number), option))
    if first > last:
        refuse(
            f"{option}: found {first}-{last}; expected the smaller number first",
            f"{option}：发现 {first}-{last}；应由小到大",
        )
    # what lies between and is no indicator has been told as left out
    return [by_number[n] for n in range(first, last + 1) if n in by_number]


def _unknown(panel: Panel, asked: str, option: str) -> Both:
    shown = [shown_indicator(one) for one in panel.indicators]
    if asked.isdigit():
        start = re.compile(rf"column {column_letter(max(int(asked), 1) - 1)}[ :]")
        said = next((r for r in panel.remarks if start.match(r.en)), None)
        listed = "; ".join(shown)
        return Both(
            f"{option}: found column {asked}{f' ({said.en})' if said else ''};"
            f" expected columns of indicators: {listed}",
            f"{option}：发现第 {asked} 列{f'（{said.zh}）' if said else ''}；"
            f"应为指标列：{listed}",
        )
    names = [name for one in panel.indicators for name in (one.label, *one.names)]
    near = nearest(asked, names, shown)
    return Both(
        f"{option}: found {asked}, which is no indicator of the file. {near}",
        f"{option}：文件中没有指标 {asked}。{in_chinese(near)}",
    )


def in_chinese(near: str) -> str:
    """What `nearest` says, in Chinese."""
    near = near.replace("Nearest: ", "相近的有：").replace("There are: ", "现有：")
    return near.removesuffix(".") + "。"


def _check_systems(panel: Panel, systems: dict[str, Any], left_out: list[int]) -> None:
    if len(systems) < 2:
        found = ", ".join(systems) or "none"
        refuse(
            f"found {len(systems)} system ({found}); expected two or more, since"
            " coupling is between systems",
            f"只有 {len(systems)} 个系统（{found}）；耦合至少需要两个系统",
        )
    seen: dict[int, str] = {}
    for name, places in systems.items():
        if not places:
            refuse(
                f"the system {name} has no indicator; expected one or more",
                f"系统 {name} 没有指标；至少需要一项",
            )
        for place in places:
            if place in seen:
                shown = shown_indicator(panel.indicators[place])
                refuse(
                    f"found {shown} in the systems {seen[place]} and {name}; expected"
                    " it in one",
                    f"{shown} 同时属于系统 {seen[place]} 与 {name}；只能属于一个",
                )
            seen[place] = name
    lost = [
        one
        for place, one in enumerate(panel.indicators)
        if place not in seen and place not in left_out
    ]
    if lost:
        numbers = ",".join(str(one.number) for one in lost)
        listed = "; ".join(map(shown_indicator, lost))
        refuse(
            f"found {listed} in no system; expected each indicator in one, or"
            f" --leave-out {numbers}",
            f"{listed} 不属于任何系统；每项指标须属于一个系统，"
            f"或用 --leave-out {numbers}",
        )


def _check_negative(panel: Panel, negative: list[int], used: list[int]) -> None:
    for place in negative:
        if place not in used:
            shown = shown_indicator(panel.indicators[place])
            refuse(
                f"--negative: found {shown}, which is in no system; expected indicators"
                " of the study",
                f"--negative：{shown} 不属于任何系统；应为研究中的指标",
            )


def _how_to_say(panel: Panel) -> Both:
    shown = "\n".join(f"  {shown_indicator(one)}" for one in panel.indicators)
    middle = max(1, len(panel.indicators) // 2)
    numbers = [one.number for one in panel.indicators]
    first, second = numbers[:middle], numbers[middle:] or numbers[-1:]
    spans = [f"{n[0]}-{n[-1]}" for n in (first, second)]
    return Both(
        f"Nothing says which system an indicator belongs to. The indicators of"
        f" {panel.file_name} are:\n{shown}\nSay it by number or name, such as"
        f' --system "First={spans[0]}" --system "Second={spans[1]}" --negative'
        f" {numbers[-1]}, in a row above the headings, or in the workbook of coupling"
        " study template",
        f"没有说明指标所属的系统。{panel.file_name} 的指标有：\n{shown}\n"
        f'请以列号或名称说明，如 --system "系统一={spans[0]}"'
        f' --system "系统二={spans[1]}" --negative {numbers[-1]}，'
        "或写在表头上方一行，或用 coupling study template 的工作簿填写",
    )


# --- the rest ------------------------------------------------------------------------


def _first(sources: list[Stated], name: str) -> Any:
    return next((getattr(s, name) for s in sources if getattr(s, name)), "")


def _merged(sources: list[Stated], name: str, used: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for source in reversed(sources):
        found |= getattr(source, name)
    return {place: found[place] for place in used if place in found}


def _label(panel: Panel, options: Options, sources: list[Stated]) -> str:
    label = _first(sources, "label")
    if options.name:
        # the name of a study that is there already stands for its label
        is_id = any(s.name == options.name and s.label for s in sources)
        return label if is_id else clean(options.name)
    stem = re.sub(r"[.][A-Za-z]+$", "", panel.file_name)
    return label or _first(sources, "name") or clean(stem.replace("_", " "))


def _years(panel: Panel, text: str, used: list[int]) -> tuple[int, int]:
    has_figures = panel.frame[used].notna().any(axis=1)
    years = sorted(set(panel.frame.loc[has_figures, "year"]))
    if not years:
        refuse(
            f"{panel.file_name} has no figure for these indicators",
            f"{panel.file_name} 中这些指标没有数据",
        )
    if not text:
        return int(years[0]), int(years[-1])
    match = YEARS.fullmatch(text.strip())
    if not match:
        refuse(
            f"years: found {text}; expected years such as 2015-2022",
            f"年份：发现 {text}；应为 2015-2022 这样的起止年份",
        )
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last or first < years[0] or last > years[-1]:
        refuse(
            f"years: found {text}; expected years within {years[0]}-{years[-1]}, which"
            " the file has",
            f"年份：发现 {text}；文件的数据为 {years[0]}-{years[-1]} 年",
        )
    return first, last


def _contributions(systems: dict[str, Any], said: dict[str, float]) -> dict[str, float]:
    if not said:
        return dict.fromkeys(systems, 1 / len(systems))
    found = {key(name): share for name, share in said.items()}
    missing = [name for name in systems if key(name) not in found]
    total = sum(found.values())
    if missing:
        refuse(
            f"contributions: found none for {', '.join(missing)}; expected one for each"
            " system, or for none",
            f"贡献系数：{'、'.join(missing)} 没有；应全部填写或都不填",
        )
    if len(found) > len(systems) or abs(total - 1) > 1e-9:
        listed = ", ".join(f"{name} {share:g}" for name, share in said.items())
        refuse(
            f"contributions: found {listed}, which add up to {total:g}; expected one"
            f" for each of {', '.join(systems)}, adding up to 1",
            f"贡献系数：{listed}，合计 {total:g}；"
            f"{'、'.join(systems)} 各一个，合计应为 1",
        )
    return {name: found[key(name)] for name in systems}


def _weights(
    panel: Panel, weights: dict[int, float], systems: dict[str, list[int]]
) -> dict[int, float]:
    for name, places in systems.items():
        given = [p for p in places if p in weights]
        if given and len(given) < len(places):
            lacks = next(p for p in places if p not in weights)
            label = panel.indicators[lacks].label
            refuse(
                f"weights: found none for {label} of the system {name}, whose other"
                " indicators have one; expected all or none",
                f"权重：系统 {name} 的 {label} 没有权重，而其他指标有；"
                "应全部填写或都不填",
            )
        if given and not sum(weights[p] for p in given):
            refuse(
                f"weights: those of the system {name} add up to 0; expected more",
                f"权重：系统 {name} 的权重合计为 0",
            )
    return weights
