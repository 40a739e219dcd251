"""When client and insurer can agree on a premium, after paper 06, section 2.2.

Loss rate and premium rate are shares of the insured assets. u1 = l1 / k1 is the risk
attitude of the client, u2 = l2 / k2 that of the insurer: how much either values a unit
of risky assets, measured in units of safe ones. Below 1 is averse to risk.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from coupling.words.in_both import Both, in_both, in_columns, joined_in_both

# loss rates are compared after rounding, so that the last bit decides nothing
DECIMALS = 12
PERCENT = 100
# beyond this, looking at every set of hazards takes too long
MOST_HAZARDS = 16


def premium_range(client: float, insurer: float, loss_rate: float):
    """Return the lowest and the highest premium rate, as shares of the assets.

    The client buys if k1 (E - Y) >= l1 (E - X), so r <= 1 - u1 (1 - lambda). An
    insurer with assets E2 = n E underwrites if l2 (E2 + n Y - n X) >= k2 E2, so
    r >= 1 / u2 - 1 + lambda. The range is empty where the lowest is above the highest.
    """
    return 1 / insurer - 1 + loss_rate, 1 - client * (1 - loss_rate)


def maximum_loss_rate(client: float, insurer: float) -> float | None:
    """Return the loss rate at which the premium range is a single point, as a share.

    lambda_max = (2 - u1 - 1 / u2) / (1 - u1). Below 0 no risk can be underwritten; 1 or
    more, any. None for u1 = 1, 0 / 0 where u2 is 1 as well: a client neutral to risk
    pays the expected loss and no more, whatever the loss rate. None also above 1, where
    the formula would give a least loss rate.
    """
    if client >= 1:
        return None
    return (2 - client - 1 / insurer) / (1 - client)


def limit_class(limit: float | None) -> str:
    """Name what a maximum loss rate means.

    reject_all below 0, accept_all from 1, limited between, undefined where there is
    none.
    """
    if limit is None:
        return "undefined"
    limit = round(limit, DECIMALS)
    return "reject_all" if limit < 0 else "accept_all" if limit >= 1 else "limited"


@dataclass(frozen=True)
class Selection:
    """Hazards that are underwritten together and those excluded, in order."""

    kept: tuple[str, ...]
    excluded: tuple[str, ...]
    loss_rate: float


def select_hazards(loss_rates: dict[str, float], limit: float) -> Selection:
    """Exclude hazards, the highest loss rate first, until the total is within `limit`.

    So says paper 06, section 3.3.2. Of equal rates the hazard last in the alphabet goes
    first. Nothing is kept where not even the lowest rate is within the limit, or where
    the limit is below 0.
    """
    kept = sorted(loss_rates, key=lambda hazard: (loss_rates[hazard], hazard))
    excluded = []
    while kept and not _within(total(loss_rates, kept), limit):
        excluded.append(kept.pop())
    return Selection(tuple(kept), tuple(excluded), total(loss_rates, kept))


def largest_set(loss_rates: dict[str, float], limit: float) -> tuple[str, ...]:
    """Return the set of hazards with the largest total loss rate within `limit`.

    The highest premium, 1 - u1 (1 - lambda), grows with the total, so this set earns
    the most premium and carries the most risk. Of equal totals the set with more
    hazards is taken, then the first in the alphabet. Every set is looked at.

    Raises ValueError for more than 16 hazards.
    """
    if len(loss_rates) > MOST_HAZARDS:
        raise ValueError(f"{len(loss_rates)} hazards; at most {MOST_HAZARDS} can be")
    hazards = sorted(loss_rates)
    best: tuple[str, ...] = ()
    for size in range(len(hazards), 0, -1):
        for chosen in combinations(hazards, size):
            carried = total(loss_rates, chosen)
            if _within(carried, limit) and (
                not best or round(carried - total(loss_rates, best), DECIMALS) > 0
            ):
                best = chosen
    return best


def total(loss_rates: dict[str, float], hazards) -> float:
    """Sum of the loss rates of some hazards."""
    return sum(loss_rates[hazard] for hazard in sorted(hazards))


def _within(loss_rate: float, limit: float) -> bool:
    return round(loss_rate - limit, DECIMALS) <= 0


def decisions(attitudes: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Decide for every attitude set, region and basis of the loss rate.

    `attitudes`: attitude_set_id, client_risk_attitude, insurer_risk_attitude.
    `expected`: region_code, hazard, loss_rate_basis, year, expected_loss_rate_pct
    (missing where there is no forecast), one row per region, hazard and basis. Returns
    one row per attitude set, region and basis with the columns DECISION_COLUMNS; rates
    in per cent.
    """
    rows = []
    for attitude in attitudes.itertuples():
        for (region, basis), hazards in expected.groupby(
            ["region_code", "loss_rate_basis"]
        ):
            row = {
                "attitude_set_id": attitude.attitude_set_id,
                "region_code": region,
                "loss_rate_basis": basis,
                "year": int(hazards["year"].max()),
                **in_columns("hazards", _listed(sorted(hazards["hazard"]))),
                "hazard_count": len(hazards),
            }
            rates = {
                hazard.hazard: hazard.expected_loss_rate_pct / PERCENT
                for hazard in hazards.itertuples()
            }
            u1, u2 = attitude.client_risk_attitude, attitude.insurer_risk_attitude
            rows.append(row | decide(u1, u2, rates))
    return _table(rows, DECISION_COLUMNS)


def decide(client: float, insurer: float, loss_rates: dict[str, float]) -> dict:
    """Decide on the hazards of one region; loss rates are shares, NaN where unknown.

    Returns the columns of DECISION_COLUMNS from expected_loss_rate_pct on, with the
    reason as a sentence in English and in Chinese.
    """
    limit = maximum_loss_rate(client, insurer)
    row = {
        "maximum_loss_rate_pct": None if limit is None else PERCENT * limit,
        "limit_class": limit_class(limit),
        "decision": "not_decided",
    }
    unknown = sorted(name for name, rate in loss_rates.items() if np.isnan(rate))
    if unknown:
        reason = in_both(
            "No expected loss rate of {hazards}.", hazards=_listed(unknown)
        )
        return row | in_columns("reason", reason)
    carried = total(loss_rates, loss_rates)
    row["expected_loss_rate_pct"] = PERCENT * carried
    if limit is None:
        reason = in_both(
            "The client is not averse to risk (u1 is not below 1), so the maximum loss "
            "rate is not defined."
        )
        return row | in_columns("reason", reason)

    chosen = select_hazards(loss_rates, limit)
    largest = largest_set(loss_rates, limit)
    most = total(loss_rates, largest)
    row |= {
        **in_columns(
            "selected_hazards", _listed(sorted(chosen.kept)) if chosen.kept else None
        ),
        "selected_hazard_count": len(chosen.kept),
        **in_columns(
            "excluded_hazards", _listed(chosen.excluded) if chosen.excluded else None
        ),
        "decision": "underwrite" if chosen.kept else "decline",
        **in_columns("reason", _reason(loss_rates, chosen, carried, limit)),
    }
    if not chosen.kept:
        return row
    low, high = premium_range(client, insurer, chosen.loss_rate)
    return row | {
        "selected_loss_rate_pct": PERCENT * chosen.loss_rate,
        "premium_rate_low_pct": PERCENT * low,
        "premium_rate_high_pct": PERCENT * high,
        "premium_rate_chosen_pct": PERCENT * high,
        "expected_margin_pct": PERCENT * (high - chosen.loss_rate),
        **in_columns("largest_set_hazards", _listed(largest)),
        "largest_set_loss_rate_pct": PERCENT * most,
        "is_selection_largest": round(most - chosen.loss_rate, DECIMALS) <= 0,
    }


def _reason(loss_rates, chosen: Selection, carried: float, limit: float) -> Both:
    rates = {"carried": _percent(carried), "limit": _percent(limit)}
    if round(limit, DECIMALS) < 0:
        return in_both(
            "The maximum loss rate {limit} is below 0: no risk at all.", **rates
        )
    if not chosen.excluded:
        return in_both(
            "Expected loss rate {carried}, within the maximum {limit}.", **rates
        )
    if chosen.kept:
        return in_both(
            "Expected loss rate {carried} of all hazards, above the maximum {limit}; "
            "without {hazards} it is {rate}.",
            hazards=_listed(chosen.excluded),
            rate=_percent(chosen.loss_rate),
            **rates,
        )
    if len(loss_rates) == 1:
        return in_both(
            "Expected loss rate {carried}, above the maximum {limit}.", **rates
        )
    return in_both(
        "Even the lowest loss rate, {lowest}, is above the maximum {limit}.",
        lowest=_percent(min(loss_rates.values())),
        **rates,
    )


def sensitivity(grid: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Maximum loss rate and decision over a grid of both risk attitudes.

    `grid` has one row per party ('client', 'insurer'): party, first_value, last_value,
    step. `expected` as in `decisions`; the hazards of a region are taken together, none
    excluded. Returns one row per client and insurer attitude, region and basis with the
    columns SENSITIVITY_COLUMNS; rates in per cent.
    """
    steps = {row.party: _steps(row) for row in grid.itertuples()}
    totals = [
        (region, basis, rates["expected_loss_rate_pct"].sum(skipna=False))
        for (region, basis), rates in expected.groupby(
            ["region_code", "loss_rate_basis"]
        )
    ]
    rows = []
    for client in steps.get("client", []):
        for insurer in steps.get("insurer", []):
            limit = maximum_loss_rate(client, insurer)
            shared = {
                "client_risk_attitude": client,
                "insurer_risk_attitude": insurer,
                "maximum_loss_rate_pct": None if limit is None else PERCENT * limit,
                "limit_class": limit_class(limit),
            }
            for region, basis, carried in totals:
                if limit is None or np.isnan(carried):
                    decision = "not_decided"
                else:
                    within = _within(carried / PERCENT, limit)
                    decision = "underwrite" if within else "decline"
                rows.append(
                    shared
                    | {
                        "region_code": region,
                        "loss_rate_basis": basis,
                        "expected_loss_rate_pct": carried,
                        "decision": decision,
                    }
                )
    return _table(rows, SENSITIVITY_COLUMNS)


def _steps(row) -> list[float]:
    if row.step <= 0 or row.last_value < row.first_value:
        raise ValueError(
            f"seeds/underwriting/sensitivity_grid.csv, party {row.party}: found "
            f"{row.first_value} to {row.last_value} by {row.step}; expected a "
            "last_value not below first_value, and a step above 0"
        )
    count = int(np.floor(round((row.last_value - row.first_value) / row.step, 9)))
    return [round(row.first_value + i * row.step, 9) for i in range(count + 1)]


DECISION_COLUMNS = {
    "attitude_set_id": "str",
    "region_code": "str",
    "loss_rate_basis": "str",
    "year": "Int64",
    "hazards": "str",
    "hazards_zh": "str",
    "hazard_count": "Int64",
    "expected_loss_rate_pct": "float",
    "maximum_loss_rate_pct": "float",
    "limit_class": "str",
    "selected_hazards": "str",
    "selected_hazards_zh": "str",
    "selected_hazard_count": "Int64",
    "excluded_hazards": "str",
    "excluded_hazards_zh": "str",
    "selected_loss_rate_pct": "float",
    "premium_rate_low_pct": "float",
    "premium_rate_high_pct": "float",
    "premium_rate_chosen_pct": "float",
    "expected_margin_pct": "float",
    "largest_set_hazards": "str",
    "largest_set_hazards_zh": "str",
    "largest_set_loss_rate_pct": "float",
    "is_selection_largest": "boolean",
    "decision": "str",
    "reason": "str",
    "reason_zh": "str",
}
SENSITIVITY_COLUMNS = {
    "client_risk_attitude": "float",
    "insurer_risk_attitude": "float",
    "region_code": "str",
    "loss_rate_basis": "str",
    "expected_loss_rate_pct": "float",
    "maximum_loss_rate_pct": "float",
    "limit_class": "str",
    "decision": "str",
}


def _table(rows: list[dict], columns: dict[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows).reindex(columns=list(columns)).astype(columns)
    numbers = [name for name, kind in columns.items() if kind == "float"]
    # adding 0 turns -0.0 into 0.0
    table[numbers] = table[numbers].round(DECIMALS) + 0.0
    return table


def _listed(hazards) -> Both:
    return joined_in_both([in_both(hazard) for hazard in hazards])


def _percent(rate: float) -> str:
    return f"{PERCENT * rate:.4f} %"
