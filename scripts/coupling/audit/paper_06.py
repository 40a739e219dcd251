"""Paper 06: disaster losses, grey forecasts of them, and the premium that follows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coupling.audit import checks
from coupling.audit.checks import Check, Place
from coupling.audit.intervals import Interval, corners, exact, mean, printed, total
from coupling.forecasting.grey import fit

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
    names = dict(zip(regions["region_code"], regions["region"], strict=True))
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


def _where(row: dict, names: dict[str, str]) -> tuple[str, str]:
    """Return the place in words, and the part of its key that tells it apart."""
    region = names[row["region_code"]]
    return (
        f"{region}, {row['hazard']}, {row['year']}",
        f"{region} {row['hazard']} {row['year']}",
    )


def _loss_rates(table: list[dict], names: dict[str, str]) -> list[Check]:
    found = []
    for row in table:
        where, key = _where(row, names)
        loss = printed(row["direct_loss_cny_100m_printed"])
        product = printed(row["gross_regional_product_cny_100m_printed"])
        found.append(
            checks.number(
                Place(PAPER, row["table_name"], "loss_rate", f"rate {key}", where),
                "The loss rate is the loss by the gross regional product",
                row["loss_rate_pct_printed"],
                loss / product * 100,
                f"100 x {row['direct_loss_cny_100m_printed']} / "
                f"{row['gross_regional_product_cny_100m_printed']}",
                by_whom="the paper prints",
            )
        )
    return found


def _errors(
    table: list[dict], rates: dict[tuple, Interval], names: dict[str, str]
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
                "The relative error follows from predicted and actual loss rate",
                row["relative_error_pct_printed"],
                error,
                f"100 x |{predicted} - {actual}| / {actual}",
                by_whom="the paper prints",
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
                "The actual loss rate is that of Table 1 or 2",
                actual,
                before,
                "Reading the loss rate there"
                if before
                else "Tables 1 and 2 have no such year",
                by_whom="the paper prints",
            )
        )
    return found


def _forecasts(
    table: list[dict], rates: dict[tuple, Interval], names: dict[str, str]
) -> list[Check]:
    """GM(1,1) on the four years before, and whether its errors stay as small.

    The paper promises small errors for Table 3 only.
    """
    found = []
    for row in table:
        where, key = _where(row, names)
        expected = grey_forecast(rates, row["region_code"], row["hazard"], row["year"])
        window = f"the {WINDOW} years before {row['year']}"
        found.append(
            checks.number(
                Place(
                    *(PAPER, row["table_name"], "grey_forecast"),
                    f"forecast {key}",
                    where,
                ),
                "The prediction is that of GM(1,1) on the four years before",
                row["predicted_loss_rate_pct_printed"],
                expected,
                f"GM(1,1) on {window}"
                if expected
                else f"a loss rate of {window} is not printed",
                by_whom="the paper prints",
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
                f"The model errs by at most {MOST_ERROR_PCT} per cent",
                str(MOST_ERROR_PCT),
                error,
                f"The error of GM(1,1) on {window}",
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
        found = errors(subject)
        return max(found, key=lambda error: error.value), "The largest printed error"

    def mean_error_gap(subject, year):
        one, other = subject.split(" - ")
        found = mean(errors(one)) - mean(errors(other))
        return found, f"The mean printed error of {one} less that of {other}"

    def predicted(subject, year):
        for row in table:
            if row["hazard"] == subject and row["year"] == year:
                rate = printed(row["predicted_loss_rate_pct_printed"])
                return rate, f"The predicted loss rate by {subject} in {year}"
        return None, f"the paper prints no rate of {subject} in {year}"

    def largest_rate(subject, year):
        how = f"(2 - u1 - 1/u2) / (1 - u1) with u1 = {U1} and u2 = {U2}"
        return exact(largest_loss_rate(U1, U2)), how

    def premium_from(subject, year):
        rate = predicted(subject, year)[0]
        how = f"1/u2 - 1 + {rate.value} % with u2 = {U2}"
        return rate.rising(lambda pct: least_premium(U2, pct)), how

    def premium_to(subject, year):
        rate = predicted(subject, year)[0]
        how = f"1 - u1 (1 - {rate.value} %) with u1 = {U1}"
        return rate.rising(lambda pct: most_premium(U1, pct)), how

    return {
        "largest_error": largest_error,
        "mean_error_gap": mean_error_gap,
        "predicted": predicted,
        "largest_loss_rate": largest_rate,
        "premium_from": premium_from,
        "premium_to": premium_to,
    }
