"""What was measured becomes medians, ratios and an exponent; kept, they are shown."""
# ruff: noqa: RUF001, tables print dashes

import numpy as np
import pandas as pd
import pytest
from prose import english_in

from coupling.base.paths import Paths
from coupling.bench import results
from coupling.bench.panels import Size
from coupling.bench.results import Pair
from coupling.bench.run import Outcome
from coupling.pages import scale
from coupling.pages.pages import environment, links
from coupling.words.language import speaking

SMALL, LARGE = Size(10, 5, 20), Size(100, 10, 100)


def pair(size, seconds, peer_seconds, name="numpy", methods=9, difference=1e-15):
    steps = {f"step_{place:02}": seconds / (place + 2) for place in range(12)}
    return Pair(
        *(size, methods, Outcome(seconds, 300.4, size.cells * methods * 20, steps)),
        *(Outcome(peer_seconds, 100.6), name, difference),
    )


@pytest.fixture
def measured():
    pairs = [
        *(pair(SMALL, *both) for both in [(1.0, 0.5), (3.0, 0.5), (2.0, 1.0)]),
        pair(SMALL, 1.0, 2.0, "pymcdm", 1),
        *(pair(LARGE, *both, difference=2e-15) for both in [(100.0, 8.0), (60.0, 6.0)]),
    ]
    return results.summarised(pairs, threads=2)


def test_rows_are_medians_and_a_ratio_is_that_of_pairs(measured):
    rows = measured.rows.set_index(["size", "contestant", "methods"])
    assert len(rows) == 6
    ours = rows.loc[("10x5x20", "warehouse", 9)]
    assert (ours["seconds"], ours["runs"], ours["threads"]) == (2.0, 3, 2)
    assert (ours["peak_memory_mb"], ours["bytes_per_cell_method"]) == (300, 20)
    assert np.isnan(ours["ratio"])
    numpy = rows.loc[("10x5x20", "numpy", 9)]
    # of 2, 6 and 2; 2.0 by 0.5, the medians, is 4
    assert numpy[["ratio", "least_ratio", "most_ratio"]].tolist() == [2, 2, 6]
    assert (numpy["seconds"], numpy["peak_memory_mb"]) == (0.5, 101)
    assert np.isnan(numpy["database_mb"])
    alone = rows.loc[("10x5x20", "warehouse", 1)]
    assert alone["seconds"] == 1.0
    largest = rows.loc[("100x10x100", "numpy", 9)]
    assert (largest["ratio"], largest["largest_difference"]) == (11.25, 2e-15)


def test_the_exponent_is_that_of_growth():
    cells = np.array([1e5, 3e6, 9e6])
    rows = pd.DataFrame({"cells": cells, "seconds": 3e-6 * cells**1.05})
    assert results.exponent(rows) == 1.05
    assert results.exponent(rows.head(1)) is None


def test_rows_have_the_exponent_of_their_contestant(measured):
    rows = measured.rows.set_index(["contestant", "methods"])["growth_exponent"]
    # from 2 to 80 seconds over a hundred times the cells
    assert rows["warehouse", 9].tolist() == [0.801, 0.801]
    assert np.isnan(rows["pymcdm", 1])


def test_the_ten_slowest_steps_are_kept_by_size(measured):
    assert measured.steps["size"].tolist() == ["10x5x20"] * 10 + ["100x10x100"] * 10
    assert measured.steps["seconds"].iloc[0] == 1.0
    assert measured.steps["step"].iloc[:2].tolist() == ["step_00", "step_01"]


def test_the_table_shows_the_ratio_with_its_ends_and_dashes_for_none(measured):
    head, rule, *rows = results.markdown(measured.rows, results.HEADINGS).splitlines()
    assert head.startswith("| size | cells | by | methods | ratio | seconds |")
    assert rule.count("---") == len(results.HEADINGS)
    assert rows[0] == (
        "| 10x5x20 | 1,000 | warehouse | 9 | – | 2 | 300 | 0.17 | 20 | 0.801 |"
    )
    assert rows[1].startswith(
        "| 10x5x20 | 1,000 | numpy | 9 | 2 (2 to 6) | 0.5 | 101 |"
    )
    assert all(row.count("|") == head.count("|") for row in rows)


@pytest.fixture
def folder(tmp_path):
    places = (
        line.format(name=n)
        for n in ("sizes", "steps")
        for line in (results.BEGIN, results.END)
    )
    (tmp_path / results.GUIDE).write_text(
        "Before.\n\n{}\n{}\n\n{}\n{}\n".format(*places)
    )
    return tmp_path


def test_what_is_written_is_read_again(measured, folder):
    paths = results.write(measured, folder)
    assert sorted(paths) == sorted(folder.iterdir())
    back = results.read(folder)
    pd.testing.assert_frame_equal(back.rows, measured.rows, check_dtype=False)
    pd.testing.assert_frame_equal(back.steps, measured.steps)
    guide = (folder / results.GUIDE).read_text("utf-8")
    assert guide.startswith("Before.\n\n<!-- sizes")
    assert "Threads of each run: 2; runs with each library: 3." in guide
    assert "| step, 100x10x100 | seconds |" in guide
    results.write(back, folder)
    assert (folder / results.GUIDE).read_text("utf-8") == guide
    picture = (folder / results.PICTURE).read_text("utf-8")
    assert picture.startswith("<svg") and "pymcdm, one method" in picture


def test_a_guide_without_a_place_is_refused(measured):
    with pytest.raises(ValueError, match="no place for sizes"):
        results.with_tables("Nothing here.", measured)


def test_the_guide_says_what_was_measured():
    kept = results.read()
    guide = (scale.FOLDER / results.GUIDE).read_text("utf-8")
    assert results.with_tables(guide, kept) == guide
    picture = (scale.FOLDER / results.PICTURE).read_text("utf-8")
    assert all(
        style.label in picture for style in scale.line_styles(kept.rows).values()
    )
    assert kept.rows["largest_difference"].max() < 1e-9


# --- the page ---------------------------------------------------------------------


def shown(folder, language):
    with speaking(language):
        [page] = scale.scale_pages(folder)
        template = environment().get_template(page.template)
        return template.render(page.context, menu=[], **links(page, language))


def test_the_page_shows_what_was_measured_in_both_languages(measured, folder):
    results.write(measured, folder)
    page = shown(folder, "en")
    for row in measured.rows.to_dict("records"):
        assert f">{row['size']}</th>" in page
    assert "2 (2–6)" in page
    assert "runs with each library: 3, threads: 2." in page
    assert (
        "step_00" in page and "Where the warehouse spends its time, 100x10x100" in page
    )
    chinese = shown(folder, "zh")
    assert english_in(chinese) == []
    assert "研究可以有多大" in chinese


def test_there_is_no_page_where_nothing_was_measured(tmp_path):
    assert scale.scale_pages(tmp_path) == []


def test_the_project_keeps_a_measurement_for_the_page():
    assert scale.FOLDER.is_relative_to(Paths().project)
    assert len(scale.scale_pages()) == 1
