"""The page of forecasts and underwriting, on the shipped warehouse and on none."""
# ruff: noqa: RUF001, the page prints dashes

import duckdb
import pandas as pd
import pytest
import vl_convert
from made_up_site import CLOSING, HOSTILE, Page, data_of, read_pages

from coupling.pages import forecasts


@pytest.fixture(scope="module")
def pages(shipped_site):
    return read_pages(shipped_site, "en")


@pytest.fixture(scope="module")
def page(pages):
    return Page(pages["forecasts.html"])


def query(warehouse, text):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(text).fetchall()


def test_the_page_is_linked_small_and_holds_no_nan(pages):
    assert 'href="forecasts.html"' in pages["index.html"]
    assert len(pages["forecasts.html"].encode()) < 1_200_000
    assert "NaN" not in Page(pages["forecasts.html"]).text


def test_every_study_and_series_of_losses_has_its_part(page):
    charts = page.charts()
    drawn = [*(f"degrees_{i}" for i in range(1, 6)), "loss_1", "loss_2", "loss_3"]
    assert sorted(charts) == sorted([*drawn, "surface"])
    assert len(data_of(charts["degrees_2"])) == 30
    for name, chart in charts.items():
        svg = vl_convert.vegalite_to_svg(chart | {"width": 400}, allowed_base_urls=[])
        assert "NaN" not in svg and "<svg" in svg, name


def test_forecasts_are_those_of_the_best_model_of_the_study(page, warehouse):
    errors = query(
        warehouse,
        """
        select model, sum(mean_absolute_error * origin_count) / sum(origin_count) as e
        from marts.fct_forecast_backtests
        where study_id = 'ecommerce_manufacturing_east' and horizon_years = 1
        group by model order by e
        """,
    )
    assert "smallest error one year ahead over all regions: drift" in page.text
    assert errors[0][0] == "drift"
    header, *rows = page.table("Errors of the backtest, Cross-border")
    assert header[3] == "Mean absolute error"
    assert rows[0] == ["drift", "1", "40", f"{errors[0][1]:.4f}", rows[0][4], "4"]
    assert float(rows[0][4]) == pytest.approx(
        errors[0][1] / dict(errors)["naive"], abs=0.0006
    )
    shown = page.table("Forecasts of D, Cross-border")
    [(last, forecast, low, high)] = query(
        warehouse,
        """
        select max(observed), max(forecast), max(lower_bound), max(upper_bound)
        from marts.fct_forecasts
        where study_id = 'ecommerce_manufacturing_east' and region_code = '440000'
            and model = 'drift' and (year = 2023 or horizon_years = 1)
        """,
    )
    assert shown[1][:4] == [
        "Guangdong",
        "2023",
        f"{last:.3f}",
        f"{forecast:.3f} ({low:.3f} – {high:.3f})",
    ]


def test_a_year_without_an_interval_shows_a_dash(page):
    rows = page.table("Forecasts of D, Modern services")[1:]
    assert len(rows) == 29
    assert all(row[4].endswith("(–)") and row[5].endswith("(–)") for row in rows)
    assert not any(row[3].endswith("(–)") for row in rows)
    assert "no interval: too few errors" in page.text


def test_underwriting_shows_decisions_and_the_surface(page):
    rows = page.table("Underwriting decisions")[1:]
    assert len(rows) == 12
    assert rows[0][:8] == [
        *("Fujian", "paper 06", "0.667", "0.751", "GM(1,1) forecast"),
        *("0.1344", "0.4331", "underwrite"),
    ]
    assert rows[0][9:11] == ["33.2902", "33.3896"]
    assert {row[7] for row in rows if row[1] == "insurer 0.750"} == {"decline"}
    header, *cells = page.table("Maximum loss rate in per cent")
    assert header == ["u1", "0.600", "0.700", "0.800", "0.900", "1.000", "1.100"]
    # (2 - 0.5 - 1 / 0.8) / 0.5 is 50 %
    assert cells[0][0] == "0.500" and cells[0][3] == "50.0%"
    assert cells[-1] == ["1.000", *["–"] * 6]


def test_each_language_has_its_own_words(english, chinese):
    [row] = Page(english["forecasts.html"]).table("Underwriting decisions")[1:]
    assert (row[1], row[-1]) == (CLOSING, f"{HOSTILE} −0.5")
    assert row[8] == f"{HOSTILE} {CLOSING} would carry more, at a higher premium"
    page = Page(chinese["forecasts.html"])
    [row] = page.table("承保决策")[1:]
    assert (row[1], row[-1]) == (HOSTILE, f"{CLOSING}为−0.5")
    assert row[8].startswith(f"{HOSTILE}等灾种 {CLOSING}等灾种")
    cells = {row[0]: row[-1] for row in page.table("D的预测")[1:]}
    assert CLOSING in cells.values()


def test_without_an_error_the_grey_model_is_shown():
    blank = pd.DataFrame(
        {"model": ["naive"], "horizon_years": [1], "mean_absolute_error": [None]}
    )
    assert forecasts.best_model(blank) == "gm11"


def test_the_page_says_what_intervals_hold_and_which_fits_are_unqualified(
    pages, warehouse
):
    text = " ".join(Page(pages["forecasts.html"]).text.split())
    assert "An interval is to hold 80.0% of cases" in text
    with duckdb.connect(str(warehouse), read_only=True) as con:
        unqualified = con.execute("""
            select concat(region, ', ', hazard)
            from marts.fct_forecast_models
            join marts.dim_regions using (region_code)
            where subject = 'loss_rate_pct' and accuracy_class = 'unqualified'
            order by region, hazard
        """).fetchall()
    assert unqualified
    named = "; ".join(name for (name,) in unqualified)
    assert f"stand in these decisions as they are: {named}." in text
