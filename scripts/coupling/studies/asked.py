"""Ask in a terminal which systems the indicators belong to, and which are negative."""

# ruff: noqa: RUF001, Chinese has signs of its own

from collections.abc import Callable

from coupling.panels.panel import Panel
from coupling.panels.words import Words
from coupling.studies.choices import ChoiceError, columns_of, shown_indicator


def ask_choices(
    panel: Panel, read: Callable[[str], str], say: Callable[[str], None], words: Words
) -> tuple[dict[str, list[int]], dict[int, str]]:
    """Ask for systems and directions; what cannot be is said, and asked again."""
    say(words("The indicators of the file:", "文件中的指标："))
    for one in panel.indicators:
        say(f"  {shown_indicator(one)}")
    left = set(range(len(panel.indicators)))
    systems: dict[str, list[int]] = {}
    while left:
        place = len(systems) + 1
        name = read(words(f"Name of system {place}: ", f"第 {place} 个系统的名称: "))
        name = name.strip()
        if not name:
            continue
        columns = _asked(
            panel,
            read,
            say,
            words,
            words(
                f"Its indicators, by number or name (such as "
                f"{panel.indicators[min(left)].number}-"
                f"{panel.indicators[max(left)].number}): ",
                f"所含指标的编号或名称（如 {panel.indicators[min(left)].number}-"
                f"{panel.indicators[max(left)].number}）: ",
            ),
            left,
        )
        systems[name] = columns
        left -= set(columns)
    negative = _asked(
        panel,
        read,
        say,
        words,
        words(
            "Indicators of which less is better (none: press Enter): ",
            "负向指标（没有则按回车）: ",
        ),
        set(range(len(panel.indicators))),
        blank=True,
    )
    directions = {
        place: "-" if place in negative else "+"
        for places in systems.values()
        for place in places
    }
    return systems, directions


def _asked(
    panel: Panel,
    read: Callable[[str], str],
    say: Callable[..., None],
    words: Words,
    prompt: str,
    among: set[int],
    blank: bool = False,
) -> list[int]:
    while True:
        try:
            columns = columns_of(panel, read(prompt), "")
        except ChoiceError as error:
            say(error.spoken(words).lstrip(":： "))
            continue
        taken = [panel.indicators[c] for c in columns if c not in among]
        if taken:
            listed = "; ".join(map(shown_indicator, taken))
            say(words(f"taken already: {listed}", f"已归入其他系统：{listed}"))
        elif columns or blank:
            return columns
