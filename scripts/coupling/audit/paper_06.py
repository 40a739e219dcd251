"""Paper 06: disaster losses, grey forecasts of them, and the premium that follows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place, alike, parts_of
from coupling.audit.intervals import Interval, corners, exact, mean, printed, total
from coupling.audit.references import names_of
from coupling.forecasting.grey import fit
from coupling.words.in_both import Both, in_both

PAPER = "06"
WINDOW = 4  # years that a forecast is made from, section 2.1
MOST_ERROR_PCT = 15
# risk attitudes of policyholder and insurer: set by the authors, so not rounded
U1, U2 = 0.667, 0.751


def audit(
    losses: pd.DataFrame,
    forecasts: pd.DataFrame,
    claims: pd.DataFrame,
    regions: pd.DataFrame,
) -> list[Check]:
    """Return all checks of the paper.

    The first three are staged tables of seeds/published; `regions` names the regions.
    """
    names = names_of(regions)
    loss_rows = checks.rows(losses.sort_values(["table_name", "hazard", "year"]))
    rates = {
        (row["region_code"], row["hazard"], row["year"]): printed(
            row["loss_rate_pct_printed"]
        )
        for row in loss_rows
    }
    expected = checks.rows(
        forecasts.sort_values(["table_name", "region_code", "hazard", "year"])
    )
    return [
        *_loss_rates(loss_rows, names),
        *_errors(expected, rates, names),
        *_forecasts(expected, rates, names),
        *checks.sentences(claims, PAPER, _quantities(expected)),
    ]


def largest_loss_rate(u1: float, u2: float) -> float:
    """Return the largest loss rate, in per cent, at which both sides gain.

    Source: eq. (15), where the premium ranges of eqs. (11) and (14) touch:
    (2 - u1 - 1 / u2) / (1 - u1).
    """
    return 100 * (2 - u1 - 1 / u2) / (1 - u1)


def least_premium(u2: float, loss_rate_pct: float) -> float:
    """Return the least premium rate, in per cent, that the insurer takes; eq. (14)."""
    return 100 * (1 / u2 - 1) + loss_rate_pct


def most_premium(u1: float, loss_rate_pct: float) -> float:
    """Return the largest premium rate, in per cent, that the client pays; eq. (11)."""
    return 100 * (1 - u1 * (1 - loss_rate_pct / 100))


def next_value(known: Sequence[float]) -> float:
    """Return the value after a series that GM(1,1) expects, in the unit of the series.

    Raises ValueError for fewer than four values or one not above 0. Source: paper 06,
    eqs. (1)-(8).
    """
    return float(fit(np.asarray(known)).values(len(known) + 1)[-1])


def grey_forecast(
    rates: dict[tuple, Interval], region_code: str, hazard: str, year: int
) -> Interval | None:
    """Forecast a loss rate from the four years before; None where one is missing.

    Several hazards are written 'flood and hailstorm' and forecast one by one.
    """
    parts = []
    for one in hazard.split(" and "):
        keys = [(region_code, one, year - back) for back in range(WINDOW, 0, -1)]
        if not all(key in rates for key in keys):
            return None
        part = corners(lambda *known: next_value(known), [rates[k] for k in keys])
        if part is None:
            return None
        parts.append(part)
    return total(parts)


def relative_error_pct(predicted: float, actual: float) -> float:
    """Return how far the prediction lies off, in per cent of the actual value."""
    return 100 * abs(predicted - actual) / actual


def _where(row: dict, names: dict[str, Both]) -> tuple[Both, str]:
    """Return the place in words, and the part of its key that tells it apart."""
    region, hazard, year = names[row["region_code"]], row["hazard"], row["year"]
    return (
        checks.placed(region, _hazards()[hazard], alike(year)),
        f"{region.en} {hazard} {year}",
    )


def _hazards() -> dict[str, Both]:
    hazards = [
        in_both("typhoon"),
        in_both("flood"),
        in_both("hailstorm"),
        in_both("flood and hailstorm"),
    ]
    return {hazard.en: hazard for hazard in hazards}


def _loss_rates(table: list[dict], names: dict[str, Both]) -> list[Check]:
    found = []
    for row in table:
        where, key = _where(row, names)
        loss = printed(row["direct_loss_cny_100m_printed"])
        product = printed(row["gross_regional_product_cny_100m_printed"])
        found.append(
            checks.number(
                Place(PAPER, row["table_name"], "loss_rate", f"rate {key}", where),
                in_both("The loss rate is the loss by the gross regional product"),
                row["loss_rate_pct_printed"],
                loss / product * 100,
                alike(
                    f"100 x {row['direct_loss_cny_100m_printed']} / "
                    f"{row['gross_regional_product_cny_100m_printed']}"
                ),
                wanted=checks.paper_prints,
            )
        )
    return found


def _errors(
    table: list[dict], rates: dict[tuple, Interval], names: dict[str, Both]
) -> list[Check]:
    """Relative errors from predicted and actual rate, and actual rates as before."""
    found = []
    for row in table:
        if row["relative_error_pct_printed"] is None:
            continue
        where, key = _where(row, names)
        predicted = row["predicted_loss_rate_pct_printed"]
        actual = row["actual_loss_rate_pct_printed"]
        error = corners(relative_error_pct, [printed(predicted), printed(actual)])
        # the error falls to 0 where the two can be equal, which no corner shows
        if error and printed(predicted).meets(printed(actual)):
            error = Interval(error.value, 0.0, error.upper)
        found.append(
            checks.number(
                Place(
                    *(PAPER, row["table_name"], "relative_error"),
                    f"error {key}",
                    where,
                ),
                in_both(
                    "The relative error follows from predicted and actual loss rate"
                ),
                row["relative_error_pct_printed"],
                error,
                alike(f"100 x |{predicted} - {actual}| / {actual}"),
                wanted=checks.paper_prints,
            )
        )
        before = rates.get((row["region_code"], row["hazard"], row["year"]))
        found.append(
            checks.number(
                Place(
                    *(PAPER, row["table_name"], "actual_rate_repeated"),
                    f"actual {key}",
                    where,
                ),
                in_both("The actual loss rate is that of Table 1 or 2"),
                actual,
                before,
                in_both("Reading the loss rate there")
                if before
                else in_both("Tables 1 and 2 have no such year"),
                wanted=checks.paper_prints,
            )
        )
    return found


def _forecasts(
    table: list[dict], rates: dict[tuple, Interval], names: dict[str, Both]
) -> list[Check]:
    """GM(1,1) on the four years before, and whether its errors stay as small.

    The paper promises small errors for Table 3 only.
    """
    found = []
    for row in table:
        where, key = _where(row, names)
        expected = grey_forecast(rates, row["region_code"], row["hazard"], row["year"])
        window = {"number": WINDOW, "year": row["year"]}
        found.append(
            checks.number(
                Place(
                    *(PAPER, row["table_name"], "grey_forecast"),
                    f"forecast {key}",
                    where,
                ),
                in_both("The prediction is that of GM(1,1) on the four years before"),
                row["predicted_loss_rate_pct_printed"],
                expected,
                in_both("GM(1,1) on the {number} years before {year}", **window)
                if expected
                else in_both(
                    "a loss rate of the {number} years before {year} is not printed",
                    **window,
                ),
                wanted=checks.paper_prints,
            )
        )
        if expected is None or row["table_name"] != "table_3":
            continue
        error = corners(
            relative_error_pct,
            [expected, printed(row["actual_loss_rate_pct_printed"])],
        )
        found.append(
            checks.number(
                Place(
                    *(PAPER, row["table_name"], "grey_error_within_15"),
                    f"grey error {key}",
                    where,
                ),
                in_both(
                    "The model errs by at most {error} per cent", error=MOST_ERROR_PCT
                ),
                str(MOST_ERROR_PCT),
                error,
                in_both(
                    "The error of GM(1,1) on the {number} years before {year}", **window
                ),
                comparison="at_most",
                is_exact=True,
            )
        )
    return found


def _quantities(table: list[dict]) -> dict:
    def errors(table_name):
        return [
            printed(row["relative_error_pct_printed"])
            for row in table
            if row["table_name"] == table_name and row["relative_error_pct_printed"]
        ]

    def largest_error(subject, year):
        found = max(errors(subject.en), key=lambda error: error.value)
        return found, in_both("The largest printed error")

    def mean_error_gap(subject, year):
        one, other = parts_of(subject)
        found = mean(errors(one.en)) - mean(errors(other.en))
        return found, in_both(
            "The mean printed error of {one} less that of {other}",
            one=one,
            other=other,
        )

    def predicted_rate(hazard, year):
        for row in table:
            if row["hazard"] == hazard and row["year"] == year:
                return printed(row["predicted_loss_rate_pct_printed"])
        return None

    def predicted(subject, year):
        of = {"hazards": subject, "year": year}
        rate = predicted_rate(subject.en, year)
        if rate is None:
            how = in_both("the paper prints no rate of {hazards} in {year}", **of)
        else:
            how = in_both("The predicted loss rate by {hazards} in {year}", **of)
        return rate, how

    def largest_rate(subject, year):
        return exact(largest_loss_rate(U1, U2)), in_both(
            "(2 - u1 - 1/u2) / (1 - u1) with u1 = {u1} and u2 = {u2}", u1=U1, u2=U2
        )

    def premium_from(subject, year):
        rate = predicted_rate(subject.en, year)
        return rate.rising(lambda pct: least_premium(U2, pct)), in_both(
            "1/u2 - 1 + {rate} % with u2 = {u2}", rate=rate.value, u2=U2
        )

    def premium_to(subject, year):
        rate = predicted_rate(subject.en, year)
        return rate.rising(lambda pct: most_premium(U1, pct)), in_both(
            "1 - u1 (1 - {rate} %) with u1 = {u1}", rate=rate.value, u1=U1
        )

    return {
        "largest_error": largest_error,
        "mean_error_gap": mean_error_gap,
        "predicted": predicted,
        "largest_loss_rate": largest_rate,
        "premium_from": premium_from,
        "premium_to": premium_to,
    }
