"""`coupling series`: what there is of a series, found by a word."""

import io

import duckdb
import pytest
from rich.console import Console

from coupling.base.names import NotThereError
from coupling.studies.listed_series import find_series, print_series


def by_series(found):
    return {(row["series_id"], row["region_level"]): row for row in found}


@pytest.mark.parametrize("word", ["专利", "PATENT", "patents_granted"])
def test_a_word_of_either_language_or_of_the_name_finds(warehouse, word):
    found = by_series(find_series(warehouse, word))
    city = found["patents_granted", "city"]
    assert (city["first_year"], city["last_year"]) == (2017, 2023)
    assert (city["figure_count"], city["quality"]) == (1997, "A")
    assert ("patents_granted", "province") in found
    assert ("gdp_cny_100m", "city") not in found


def test_a_level_leaves_its_own(warehouse):
    found = find_series(warehouse, "", "city")
    assert {row["region_level"] for row in found} == {"city"}
    assert len(found) == 64
    residents = by_series(found)["resident_population_10k", "city"]
    # compiled from bulletins before the census, from the yearbook after it
    assert residents["quality"] == "A, C"
    assert residents["region_count"] == 297


def test_all_figures_are_counted(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as con:
        (figures,) = con.execute(
            "select count(*) from marts.fct_observations"
        ).fetchone()
    assert sum(row["figure_count"] for row in find_series(warehouse)) == figures


def test_what_is_not_there_is_told(warehouse, tmp_path):
    with pytest.raises(NotThereError, match="No series of level city has 'xyz'"):
        find_series(warehouse, "xyz", "city")
    with pytest.raises(NotThereError, match="run coupling refresh first"):
        find_series(tmp_path / "none.duckdb")
    duckdb.connect(str(tmp_path / "old.duckdb")).close()
    with pytest.raises(NotThereError, match="of an older build"):
        find_series(tmp_path / "old.duckdb")


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Hospital beds"), ("zh", "床位")]
)
def test_the_table_is_in_the_language(warehouse, language, label):
    console = Console(file=io.StringIO(), width=200)
    [row] = found = find_series(warehouse, "hospital_beds")
    print_series(found, console, language)
    said = console.file.getvalue()
    assert label in said
    assert all(text in said for text in ("2011-2023", "3,806", "A"))
    assert str(row["region_count"]) in said
