"""Numbers known only as far as they are printed.

A number printed as 0.80 stands for some value from 0.795 to 0.805. An `Interval` holds
the printed value and both ends, and carries them through a computation, so that what
follows from rounded inputs is a range too. Ends belong to the interval: papers do not
say which way they round a half.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

SLACK = 1e-9  # what binary fractions may add to an end, relative to its size


@dataclass(frozen=True)
class Interval:
    """`value` as printed or computed from printed values, with its two ends."""

    value: float
    lower: float
    upper: float

    def __add__(self, other: Interval | float) -> Interval:
        """Sum; ends add to ends."""
        other = exact(other)
        return Interval(
            self.value + other.value,
            self.lower + other.lower,
            self.upper + other.upper,
        )

    def __sub__(self, other: Interval | float) -> Interval:
        """Difference; the largest is the upper end less the lower."""
        other = exact(other)
        return Interval(
            self.value - other.value,
            self.lower - other.upper,
            self.upper - other.lower,
        )

    def __mul__(self, other: Interval | float) -> Interval:
        """Product; any pair of ends may be the extreme."""
        other = exact(other)
        ends = [
            one * two
            for one, two in product(
                (self.lower, self.upper), (other.lower, other.upper)
            )
        ]
        return Interval(self.value * other.value, min(ends), max(ends))

    def __truediv__(self, other: Interval | float) -> Interval:
        """Quotient; ZeroDivisionError if the divisor may be 0."""
        other = exact(other)
        if other.lower <= 0 <= other.upper:
            raise ZeroDivisionError(f"{other} may be 0")
        return self * Interval(1 / other.value, 1 / other.upper, 1 / other.lower)

    def rising(self, function: Callable[[float], float]) -> Interval:
        """Apply a function that never falls over the interval."""
        return Interval(*map(function, (self.value, self.lower, self.upper)))

    def to_range(self, lowest: float, highest: float) -> Interval:
        """Cut both ends, and the value, to what the quantity can be."""
        return self.rising(lambda number: min(max(number, lowest), highest))

    def meets(self, other: Interval) -> bool:
        """Say whether some value lies in both."""
        return at_most(self.lower, other.upper) and at_most(other.lower, self.upper)


def exact(number: Interval | float) -> Interval:
    """Return a number that is not rounded as an interval of no width."""
    if isinstance(number, Interval):
        return number
    return Interval(float(number), float(number), float(number))


def printed(text: str) -> Interval:
    """Return what a printed number can stand for: half a unit of its last place.

    Raises decimal.InvalidOperation if the text is not a number.
    """
    number = Decimal(text)
    half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
    return Interval(*(float(n) for n in (number, number - half, number + half)))


def between(lower: float, upper: float) -> Interval:
    """Return a number of which only bounds are known; its value is the middle."""
    return Interval((lower + upper) / 2, lower, upper)


def total(numbers: Iterable[Interval]) -> Interval:
    """Return the sum, correctly rounded, so that the order does not matter."""
    numbers = list(numbers)
    return Interval(
        *(
            math.fsum(getattr(number, end) for number in numbers)
            for end in ("value", "lower", "upper")
        )
    )


def mean(numbers: Iterable[Interval]) -> Interval:
    """Return the arithmetic mean; ZeroDivisionError of no numbers."""
    numbers = list(numbers)
    return total(numbers) / len(numbers)


def count(numbers: Iterable[Interval], lower: float, upper: float) -> Interval:
    """Count the numbers in (lower, upper]: as printed, for certain, and at most."""
    numbers = list(numbers)
    return Interval(
        float(sum(lower < n.value <= upper for n in numbers)),
        float(sum(lower < n.lower and n.upper <= upper for n in numbers)),
        float(
            sum(at_most(lower, n.upper) and at_most(n.lower, upper) for n in numbers)
        ),
    )


def rank(number: Interval, others: Iterable[Interval]) -> Interval:
    """Return the rank among others, 1 the largest; ties share the better rank."""
    others = list(others)
    return Interval(
        *(
            1.0 + sum(larger(other) for other in others)
            for larger in (
                lambda other: other.value > number.value,
                lambda other: other.lower > number.upper + SLACK,
                lambda other: other.upper > number.lower + SLACK,
            )
        )
    )


def corners(
    function: Callable[..., float], numbers: Iterable[Interval]
) -> Interval | None:
    """Apply a function with no known direction at every combination of ends.

    For narrow intervals the extremes lie there. None if it fails at the value.
    """
    numbers = list(numbers)
    try:
        value = function(*(number.value for number in numbers))
    except (ArithmeticError, ValueError):
        return None
    found = [value]
    for ends in product(*((number.lower, number.upper) for number in numbers)):
        try:
            found.append(function(*ends))
        except (ArithmeticError, ValueError):
            continue
    return Interval(value, min(found), max(found))


def at_most(lower: float, upper: float) -> bool:
    """Say lower <= upper, overlooking what binary fractions add."""
    return lower <= upper + SLACK * max(1.0, abs(lower), abs(upper))
