"""Raw values worked out again from the rows of fct_indicator_figures alone."""

from math import fsum

import pandas as pd
import projects

CELL = ["study_id", "indicator_id", "region_code", "year"]
CHAINED = "previous year = 100"


def capital_stock(figures, indicator, units):
    """K of the last year of investment, year by year; figures: rows of one value."""
    by_role = {"investment": {}, "price_index": {}}
    for row in figures:
        by_role[row.role][row.figure_year] = row.figure
    delta, growth = indicator.depreciation_rate, indicator.initial_growth_rate
    is_chained = units.get(indicator.denominator_series_id) == CHAINED
    has_prices = isinstance(indicator.denominator_series_id, str)
    stock, level = None, 1.0
    for year, investment in sorted(by_role["investment"].items()):
        if has_prices and is_chained and stock is not None:
            level *= by_role["price_index"][year] / 100
        elif has_prices and not is_chained:
            level = by_role["price_index"][year]
        flow = investment / level
        stock = flow / (growth + delta) if stock is None else (1 - delta) * stock + flow
    return stock


def derived(figures, indicator, units):
    """One derived value from its figures, by the operator of the indicator."""
    if indicator.operator == "perpetual_inventory":
        return indicator.scale * capital_stock(figures, indicator, units)
    figure = {row.role: row.figure for row in figures}
    a, b = figure["numerator"], figure.get("denominator")
    match indicator.operator:
        case "identity":
            value = a
        case "ratio":
            value = a / b
        case "per_area":
            value = a / figure["land_area"]
        case "growth_pct":
            value = 100 * (a / figure["numerator_year_before"] - 1)
        case "location_quotient":
            totals = "numerator_country_total", "denominator_country_total"
            country = figure[totals[0]] / figure[totals[1]]
            value = a / b / country
    assert len(figure) == len(figures)
    return indicator.scale * value


def raw_value(cell, indicator, units):
    """The value of a cell from all its figures; a line between two known years."""
    by_year = {}
    for row in cell:
        by_year.setdefault(row.derived_year, []).append(row)
    known = {
        year: derived(figures, indicator, units) for year, figures in by_year.items()
    }
    year = cell[0].year
    if len(known) == 1:
        return next(iter(known.values()))
    (first, low), (last, high) = sorted(known.items())
    return fsum([low, (high - low) * (year - first) / (last - first)])


def differences(database):
    """Cells whose value from the figures is not raw_value, to 1e-9 of its size."""
    units = projects.table(database, "select series_id, unit from marts.dim_series")
    units = dict(zip(units["series_id"], units["unit"], strict=True))
    indicators = projects.table(database, "select * from marts.dim_indicators")
    indicators = {
        (row.study_id, row.indicator_id): row for row in indicators.itertuples()
    }
    figures = projects.table(database, "select * from marts.fct_indicator_figures")
    cells = projects.table(
        database,
        """
        select distinct study_id, indicator_id, region_code, year, raw_value
        from intermediate.int_indicators_imputed
        where raw_value is not null
        """,
    ).set_index(CELL)["raw_value"]
    # a figure over a base without meaning is listed, but makes no value
    valued = set(cells.index)
    by_cell = {}
    for row in figures.itertuples():
        by_cell.setdefault(tuple(getattr(row, name) for name in CELL), []).append(row)
    found = {
        key: raw_value(cell, indicators[key[:2]], units)
        for key, cell in by_cell.items()
        if key in valued
    }
    found = pd.Series(found).reindex(cells.index)
    size = cells.abs().clip(lower=1)
    return len(cells), cells[~((found - cells).abs() <= 1e-9 * size)].index.tolist()
