"""How numbers and codes are written on the pages."""

from coupling_reports import tables


def degree(value: float | None) -> str:
    """Return a number with three decimals, a dash for none."""
    return tables.EN_DASH if value is None else f"{value:.3f}"


def difference(value: float | None) -> str:
    """Return a signed number with three decimals, a dash for none."""
    return tables.EN_DASH if value is None else tables.signed(value)


def percent(share: float | None) -> str:
    """Return a share as a percentage with one decimal, a dash for none."""
    return tables.EN_DASH if share is None else f"{share:.1%}"


def change(percentage: float | None) -> str:
    """Return a signed percentage with one decimal, a dash for none."""
    if percentage is None:
        return tables.EN_DASH
    text = f"{percentage:+.1f}"
    text = text[1:] if float(text) == 0 else text.replace("-", tables.MINUS)
    return f"{text}%"


def count(number: int | None) -> str:
    """Return a whole number with commas between thousands, a dash for none."""
    return tables.EN_DASH if number is None else f"{number:,.0f}"


def plain(code: str) -> str:
    """Return a code as words: 'no_series' is 'no series'."""
    return code.replace("_", " ")
