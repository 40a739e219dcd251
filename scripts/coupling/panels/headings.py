"""What a heading says: what its column holds, or an indicator, its unit, its direction.

No dictionary is needed: any heading is an indicator and any text in brackets is a unit.
"""

# ruff: noqa: RUF001, Chinese has signs of its own

import re
from dataclasses import dataclass
from functools import lru_cache

from coupling.base.texts import YEARS, clean, key, read_year
from coupling.landing.dictionary import HAN, ROLE_OF, YEAR_IN_TEXT

# what stands where a unit must be stated and there is none
NO_UNIT = "-"
PLAIN_MOST = 25
ROLES = {
    "region": "城市 城市名称 城市名 地市 地级市 市 市州 州市 县 县域 县区 区县 县市 "
    "县名 国家 国家名称 国家或地区 经济体 名称 地名 样本 单元 研究单元 省市区 省域 "
    "市域 所属城市 "
    "city cities county counties country countries countryname country_name cityname "
    "city_name economy state district municipality prefecture unit_name name place "
    "entity location geo",
    "year": "年份(年) 统计年份 会计年度 calendar_year yr date 日期 timeperiod",
    "series": "指标代码名称 变量 变量名 变量名称 seriesname series_name indicatorname "
    "indicator_name measure 指标名",
    "value": "obsvalue 指标数值 数据值 val",
    "code": "行政区划代码 地区代码 省份代码 城市代码 区划代码 行政代码 国家代码 代码 "
    "区划码 行政区代码 区县代码 code codes region_code regioncode adcode citycode "
    "city_code "
    "countrycode country_code iso iso2 iso3 iso_code isocode iso3c gbcode gb_code "
    "province_code provincecode fips geocode seriescode series_code indicatorcode "
    "indicator_code",
    "skip": "序 编码 个体 个体编号 id uid pid cid _id no num number index obs 行号 "
    "unnamed:0 cityid city_id provid regionid region_id",
    "system": "系统 子系统 目标层 一级指标 system subsystem systems",
    "criterion": "准则层 维度 二级指标 一级维度 criterion dimension pillar",
    "direction": "方向 属性 指标属性 指标方向 正负向 性质 指标性质 direction sign "
    "polarity attribute",
    "unit": "单位",
    "weight": "权重 weight weights",
}
# words of landing that mean something else above a panel
ROLE = {
    word: "region" if role == "corner" else role for word, role in ROLE_OF.items()
} | {key(word): role for role, words in ROLES.items() for word in words.split()}
DIRECTIONS = {
    **dict.fromkeys(
        (
            "+",
            "正",
            "正向",
            "正指标",
            "正向指标",
            "效益型",
            "positive",
            "pos",
            "benefit",
        ),
        "+",
    ),
    **dict.fromkeys(
        ("-", "负", "负向", "负指标", "负向指标", "逆向", "逆", "逆向指标", "成本型"),
        "-",
    ),
    **dict.fromkeys(("negative", "neg", "cost", "−", "–"), "-"),
    **dict.fromkeys(("1", "+1"), "+"),
    "-1": "-",
}
IN_DIRECTIONS = {word for word in DIRECTIONS if not word.strip("+-").isdigit()}
ACRONYM = re.compile(r"[A-Z][A-Z&0-9.]{1,6}")
ACRONYMS_OF_UNITS = {
    *("USD", "CNY", "RMB", "EUR", "GBP", "JPY", "GB", "TB", "MB", "MW", "GW", "KW"),
    *("KWH", "GWH", "TWH", "TCE", "TOE", "PPP", "KG", "KM", "MT", "KT", "DU", "PPM"),
}
UNIT_ENDING = re.compile(
    r"(?:元|吨|吨标准煤|人|个|户|件|家|项|篇|台|部|辆|张|座|所|册|床|天|次|人次|亩|公顷|米|里|"
    r"度|时|%|‰|美元|平方公里|平方千米|kWh|km2?|m[23]?|kg|t)$"
)
DATE = re.compile(
    r"((?:19|20)[0-9]{2})[-/.](?:0?[1-9]|1[0-2])(?:[-/.][0-3]?[0-9])?\b.*"
)
BRACED_YEAR = re.compile(r"((?:19|20)[0-9]{2}) \[YR\1\]")


@dataclass(frozen=True)
class Heading:
    """A heading of an indicator, in parts; unit and direction '' where not stated."""

    text: str
    label: str
    unit: str = ""
    direction: str = ""


def role_of(text: str) -> str:
    """What a heading says its column holds: region, year, code ...; or ''."""
    found = ROLE.get(key(text), "")
    if found:
        return found
    label, inner = _without_last_bracket(clean(text))
    return ROLE.get(key(label), "") if inner else ""


def year_of(text: str) -> int | None:
    """A year as 2015, 2015.0, 2015年, 2015 [YR2015] or in a date; None if none."""
    if is_plain(text):
        value = float(text)
        return int(value) if value.is_integer() and value in YEARS else None
    return _year_said(text)


@lru_cache(maxsize=100_000)
def _year_said(text: str) -> int | None:
    text = clean(text)
    year = read_year(text)
    if year is None:
        match = DATE.fullmatch(text) or BRACED_YEAR.fullmatch(text)
        year = int(match[1]) if match else None
    return year if year in YEARS else None


def is_plain(text: str) -> bool:
    """Say whether a text is digits with at most one point: read without more ado."""
    return (
        text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < PLAIN_MOST
    )


def year_in(text: str) -> int | None:
    """The one year that a name of a sheet or a title has in it."""
    found = {int(match[1]) for match in YEAR_IN_TEXT.finditer(clean(text))}
    return found.pop() if len(found) == 1 else year_of(text)


def direction_of(text: str) -> str:
    """Direction that a cell names: + or -; '' where it names none."""
    return DIRECTIONS.get(clean(text).casefold(), "")


def read_heading(text: str, units=()) -> Heading:
    """Take a heading apart: label, unit, direction.

    `units` are keys of units that are known; they help where a unit stands behind a
    line or a slash. Any text in brackets at the end is a unit, but for names such as
    (GDP).
    """
    cleaned = label = clean(text)
    unit = direction = ""
    while True:
        rest, inner = _without_last_bracket(label)
        if not inner or not rest:
            break
        if clean(inner).casefold() in IN_DIRECTIONS and not direction:
            direction, label = DIRECTIONS[clean(inner).casefold()], rest
        elif not unit and _is_unit(inner, units):
            unit, label = inner, rest
        else:
            break
    if not unit:
        label, unit = _without_unit_behind(label, units)
    for before in ("单位:", "unit:", "in "):
        if unit.casefold().startswith(before) and len(unit) > len(before):
            unit = unit[len(before) :].strip()
    return Heading(cleaned, label, unit, direction)


def stated_unit(unit: str | None) -> str:
    """Return a unit as it is shown beside a number: '' where there is none."""
    return "" if unit is None or unit in ("", NO_UNIT) or unit != unit else unit


def is_chinese(text: str) -> bool:
    """Say whether a text has Chinese characters in it."""
    return bool(HAN.search(text))


def _is_unit(text: str, units) -> bool:
    if key(text) in units or text.upper() in ACRONYMS_OF_UNITS:
        return True
    return not ACRONYM.fullmatch(text)


def _without_last_bracket(text: str) -> tuple[str, str]:
    """A text before the brackets at its end, and what is in them; '' if none are."""
    opening = {")": "(", "]": "["}.get(text[-1:])
    if opening is None:
        return text, ""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == text[-1]) - (text[place] == opening)
        if depth == 0:
            return text[:place].strip(" _"), text[place + 1 : -1].strip()
    return text, ""


def _without_unit_behind(text: str, units) -> tuple[str, str]:
    match = re.fullmatch(r"(.+?)\s*:\s*([^:]{1,30})", text)
    if match:
        return match[1], match[2]
    for sign in "_/":
        # the unit may have a slash of its own: GDP_yuan/person
        place = text.find(sign) if sign == "/" else text.rfind(sign)
        before, behind = text[:place].strip(), text[place + 1 :].strip()
        if place > 0 and before and behind and _reads_as_unit(before, behind, units):
            return before, behind
    return text, ""


def _reads_as_unit(before: str, behind: str, units) -> bool:
    if key(behind) in units:
        return True
    in_chinese = HAN.search(before) or HAN.search(behind)
    return bool(in_chinese and len(behind) <= 8 and UNIT_ENDING.search(behind))
