"""Survey files land as they are mapped; what cannot stand is rejected with a reason."""
# ruff: noqa: RUF001, Chinese has signs of its own

import json
from pathlib import Path

import numpy as np
import pandas as pd
import projects
import pyarrow.parquet as pq
import pyreadstat
import pytest

from coupling.base.paths import Paths
from coupling.contracts.seeds import load_seeds, provinces
from coupling.households import landing
from coupling.households.landing import LandingError, land_households

SEED = Paths().seeds / "households" / "survey_mappings.csv"
HEADER = (
    "survey,source_variable,our_column,combine,missing_codes,unit,factor,conversion,"
    "currency,survey_year,required"
)
VILLAGE = """
village2020,HID,household_id,,-9,code,1,,CNY,2020,1
village2020,prov,region_code,,-9,code,1,province_2_digit,CNY,2020,0
village2020,inc,net_income_cny,,-8;-9;refused,10k yuan,10000,,CNY,2020,1
village2020,spend,total_expenditure_cny,,-8,yuan,1,,CNY,2020,1
village2020,loan,non_mortgage_debt_cny,sum,-8,yuan,1,,CNY,2020,1
village2020,card,non_mortgage_debt_cny,sum,-8,yuan,1,,CNY,2020,0
village2020,net,total_assets_cny,sum_complete,-8,yuan,1,,CNY,2020,1
village2020,owed,total_assets_cny,sum_complete,-8,yuan,1,,CNY,2020,0
village2020,size,family_size,,,persons,1,,CNY,2020,0
village2020,known_not_used,,,,,,,CNY,2020,0
roster2020,hhid,household_id,,,code,1,,USD,2020,1
roster2020,line,family_size,count,,persons,1,,USD,2020,1
roster2020,inc,net_income_cny,,,usd,1,,USD,2020,1
roster2020,spend,total_expenditure_cny,,,usd,1,,USD,2020,0
"""
NO_PROVINCE = "not a two-digit code of a province, nor the name of one"
GOOD = pd.DataFrame(
    {
        "hid": [30.0, 10.0, 20.0],
        "PROV": [11.0, 65.0, -9.0],
        "inc": [1.5, -8.0, -0.25],
        "spend": [9000.1, 0.0, np.nan],
        "loan": [100.0, -8.0, -8.0],
        "card": [np.nan, 50.0, -8.0],
        "net": [1000.0, 2000.0, -500.0],
        "owed": [10.0, -8.0, 600.0],
        "size": [3.0, 1.0, np.nan],
        "village": ["甲", "乙", "丙"],
    }
)


@pytest.fixture(autouse=True)
def in_this_process(request, monkeypatch):
    """Read here, which takes a tenth of the time; test_limited.py reads in a child."""
    monkeypatch.setattr(
        landing, "read_within_limits", lambda read, file, *rest: read(file, *rest)
    )


@pytest.fixture
def mappings(tmp_path):
    path = tmp_path / "mappings.csv"
    path.write_text(HEADER + VILLAGE, encoding="utf-8")
    return path


def write(frame: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".dta":
        pyreadstat.write_dta(frame, str(path))
    elif path.suffix == ".sav":
        pyreadstat.write_sav(frame, str(path))
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path


def land(frame, mappings, survey="village2020", name="survey.csv"):
    """Land a frame, or the text of a CSV file."""
    folder = mappings.parent
    if isinstance(frame, str):
        file = folder / name
        file.write_text(frame, encoding="utf-8")
    else:
        file = write(frame, folder / name)
    return land_households(file, survey, mappings, folder / "work")


def land_row(mappings, **values):
    """Land one good household with some of its values changed, as a CSV file."""
    row = {"hid": "1", "inc": "1", "spend": "1", "loan": "1", "net": "1", "size": "2"}
    return land(pd.DataFrame([row | values]), mappings)


def land_beside(mappings, **values):
    """Land such a household, and a good one as the second row."""
    row = {"hid": "1", "inc": "1", "spend": "1", "loan": "1", "net": "1", "size": "2"}
    good = dict.fromkeys(row | values, "") | row | {"hid": "2"}
    return land(pd.DataFrame([row | values, good]), mappings)


def bytes_of(result):
    return {path.name: path.read_bytes() for path in result.files}


def test_codes_units_and_sums_give_the_columns_of_the_contract(mappings):
    result = land(GOOD, mappings)
    expected = pd.DataFrame(
        {
            "survey_id": "village2020",
            "household_id": ["10", "20", "30"],
            "region_code": ["650000", None, "110000"],
            "survey_year": 2020,
            "currency": "CNY",
            "net_income_cny": [np.nan, -2500, 15000],
            "total_expenditure_cny": [0, np.nan, 9000.1],
            # unlike debt, assets need both of their parts
            "total_assets_cny": [np.nan, 100, 1010],
            "non_mortgage_debt_cny": [50, np.nan, 100],
            "family_size": [1, np.nan, 3],
            "weight": np.nan,
        }
    ).astype({"region_code": "str"})
    pd.testing.assert_frame_equal(result.households, expected)
    assert result.rejects.empty
    assert result.summary == "village2020: 3 rows read, 3 landed, 0 rejected"


@pytest.mark.parametrize("kind", ["dta", "sav", "parquet"])
def test_every_format_lands_as_the_csv_does(mappings, kind):
    expected = land(GOOD, mappings)
    result = land(GOOD, mappings, name=f"survey.{kind}")
    pd.testing.assert_frame_equal(result.households, expected.households)
    pd.testing.assert_frame_equal(result.rejects, expected.rejects)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_lands_in_any_of_its_encodings_and_delimiters(
    mappings, encoding, delimiter
):
    expected = land(GOOD, mappings).households
    path = mappings.parent / "other.csv"
    # the first column is the one that a byte order mark would spoil
    GOOD.to_csv(path, index=False, encoding=encoding, sep=delimiter)
    result = land_households(path, "village2020", mappings, mappings.parent)
    pd.testing.assert_frame_equal(result.households, expected)
    texts = landing.read_survey(path, ["VILLAGE"])
    assert texts["village"].tolist() == ["甲", "乙", "丙"]


def test_an_old_stata_file_in_gb18030_is_read(mappings):
    file = mappings.parent / "old.dta"
    frame = GOOD.assign(village=["AA", "BB", "CC"])
    # the last format that is not in UTF-8
    frame.to_stata(file, write_index=False, version=117)
    content = file.read_bytes()
    for latin, chinese in (("AA", "甲"), ("BB", "乙"), ("CC", "丙")):
        assert content.count(latin.encode()) == 1
        content = content.replace(latin.encode(), chinese.encode("gb18030"))
    file.write_bytes(content)
    assert landing.read_survey(file)["village"].tolist() == ["甲", "乙", "丙"]


def test_long_whole_numbers_beside_a_gap_keep_their_digits(mappings):
    ids = pd.array([9007199254740993, None], dtype="Int64")
    frame = pd.DataFrame({"hid": ids, "inc": 1, "spend": 1, "loan": 1, "net": 1})
    result = land(frame, mappings, name="survey.parquet")
    assert result.households["household_id"].tolist() == ["9007199254740993"]


def test_leading_zeros_stay_and_a_decimal_point_of_an_id_goes(mappings):
    text = "hid,inc,spend,loan,net\n007,1,1,1,1\n8.0,1,1,1,1\n"
    ids = land(text, mappings).households["household_id"]
    assert ids.tolist() == ["007", "8"]


def test_missing_codes_count_as_numbers_and_as_texts(mappings):
    for value in ("-8", "-8.0", " -9 ", "Refused", ""):
        result = land_row(mappings, inc=value)
        assert result.households["net_income_cny"].isna().tolist() == [True]
    assert land_row(mappings, inc="-7").households["net_income_cny"][0] == -70000


IN_CHINESE = {
    "not a finite number": "不是有限数",
    "not a whole number above 0": "不是大于0的整数",
    "not from 1 to 100": "不在1至100之间",
    "not from -1,000,000,000,000 to 1,000,000,000,000": (
        "不在-1,000,000,000,000至1,000,000,000,000之间"
    ),
    "not from 0 to 1,000,000,000,000": "不在0至1,000,000,000,000之间",
    NO_PROVINCE: "既不是省份的两位代码，也不是省份名称",
    "longer than 100 characters": "超过100个字符",
}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("inc", "abc", "not a finite number"),
        ("inc", "inf", "not a finite number"),
        ("inc", "1e999", "not a finite number"),
        ("inc", "nan", "not a finite number"),
        ("inc", "1_000", "not a finite number"),
        ("loan", "12,000", "not a finite number"),
        ("size", "two", "not a finite number"),
        ("size", "0", "not a whole number above 0"),
        ("size", "-1", "not a whole number above 0"),
        ("size", "2.5", "not a whole number above 0"),
        ("size", "101", "not from 1 to 100"),
        ("inc", "1e300", "not from -1,000,000,000,000 to 1,000,000,000,000"),
        ("spend", "-5", "not from 0 to 1,000,000,000,000"),
        ("prov", "99", NO_PROVINCE),
        # between the first and the last code, and no province
        ("prov", "16", NO_PROVINCE),
        # no province of the yearbooks
        ("prov", "81", NO_PROVINCE),
        ("prov", "82", NO_PROVINCE),
        ("prov", "11.5", NO_PROVINCE),
        ("prov", "Nowhere", NO_PROVINCE),
        ("hid", "x" * 101, "longer than 100 characters"),
    ],
)
def test_a_value_that_cannot_stand_rejects_its_row(mappings, column, value, reason):
    result = land_beside(mappings, **{column: value})
    assert result.households["household_id"].tolist() == ["2"]
    if column == "hid":
        column = "HID"
    (reject,) = result.rejects.to_dict("records")
    assert reject == {
        "survey_id": "village2020",
        "household_id": value if column == "HID" else "1",
        "source_file": "survey.csv",
        "source_row": 1,
        "column_name": column,
        "found": value[:100],
        "reason": reason,
        "reason_zh": IN_CHINESE[reason],
    }


def test_an_infinite_number_of_a_binary_file_rejects_its_row(mappings):
    frame = GOOD.assign(inc=[1.0, np.inf, 1.0])
    result = land(frame, mappings, name="survey.parquet")
    assert result.rejects[["household_id", "found"]].values.tolist() == [["10", "inf"]]
    assert result.households["household_id"].tolist() == ["20", "30"]


def test_a_row_without_household_is_rejected_and_every_fault_has_a_line(mappings):
    text = "hid,inc,spend,loan,net\n-9,x,1,y,1\n,1,1,1,1\n3,1,1,1,1\n"
    result = land(text, mappings)
    lines = result.rejects[["source_row", "column_name", "reason"]].values.tolist()
    assert lines == [
        [1, "HID", "no household_id"],
        [1, "inc", "not a finite number"],
        [1, "loan", "not a finite number"],
        [2, "HID", "no household_id"],
    ]
    assert result.rejects["household_id"].isna().all()
    assert result.rejects["reason_zh"].tolist() == [
        *("没有household_id", "不是有限数", "不是有限数", "没有household_id")
    ]
    assert (result.rows_read, result.rows_landed, result.rows_rejected) == (3, 1, 2)


def test_a_variable_that_is_mapped_twice_gives_one_line_per_fault(tmp_path):
    mapping = landing.load_mapping(SEED, "cfps2022")
    row = {v.name: ["12", "13"] for v in mapping.variables}
    row |= {"nonhousing_debts": ["x", "1"]}
    file = write(pd.DataFrame(row), tmp_path / "survey.csv")
    rejects = land_households(file, "cfps2022", SEED, tmp_path).rejects
    assert rejects["column_name"].tolist() == ["nonhousing_debts"]


def test_of_equal_rows_the_first_stays_and_contradicting_ones_all_go(mappings):
    text = "hid,inc,spend,loan,net\n5,1,1,1,1\n6,1,1,1,1\n5,1,1,1,1\n6,2,1,1,1\n"
    result = land(text, mappings)
    assert result.households["household_id"].tolist() == ["5"]
    lines = result.rejects[["household_id", "source_row", "reason"]].values.tolist()
    assert lines == [
        ["5", 3, "the same household as in row 1"],
        ["6", 2, "a household of other rows with other values"],
        ["6", 4, "the same household as in row 2, with other values"],
    ]
    assert result.rejects["reason_zh"].tolist() == [
        "与第1行为同一家庭",
        "该家庭另有数值不同的行",
        "与第2行为同一家庭，但数值不同",
    ]


def test_rejects_of_a_survey_landed_before_reasons_were_chinese_are_read(
    mappings, monkeypatch
):
    result = land_beside(mappings, inc="x")
    path = result.files[1]
    pq.write_table(pq.read_table(path).drop_columns(["reason_zh"]), path)
    monkeypatch.setenv("COUPLING_WORKSPACE", str(path.parents[1]))
    [row] = landing.landed("rejects", landing.REJECTS).to_pylist()
    assert (row["reason"], row["reason_zh"]) == ("not a finite number", None)


def test_persons_are_counted_and_their_rows_folded_into_one(mappings):
    text = (
        "hhid,line,inc\na,1,10\na,2,10\na,2,10\nb,1,20\nb,2,21\nc,1,30\nd,,x\nd,1,x\n"
        "e,,40\n"
    )
    result = land(text, mappings, survey="roster2020")
    assert result.households["household_id"].tolist() == ["a", "c", "e"]
    sizes = result.households["family_size"].to_numpy()
    np.testing.assert_array_equal(sizes, [2, 1, np.nan])
    assert set(result.rejects["household_id"]) == {"b", "d"}
    assert result.households["currency"].unique().tolist() == ["USD"]
    assert result.summary.endswith("9 rows read, 3 landed, 4 rejected, 2 folded")


def test_an_optional_part_that_is_not_there(mappings):
    frame = GOOD.drop(columns=["card", "owed", "size", "PROV"])
    result = land(frame, mappings)
    landed = result.households
    assert landed["non_mortgage_debt_cny"].dropna().tolist() == [100]
    # assets without what is owed would not be those of other households
    for name in ("total_assets_cny", "family_size", "region_code"):
        assert landed[name].isna().all()
    origin = json.loads(result.files[2].read_text(encoding="utf-8"))
    assert origin["optional_variables_not_in_file"] == ["card", "owed", "prov", "size"]


def test_landing_twice_or_from_permuted_rows_changes_no_byte(mappings):
    bad = pd.DataFrame({"hid": [40, 40], "inc": 1, "spend": [1, 2], "loan": 1})
    frame = pd.concat([GOOD, bad])
    first = bytes_of(land(frame, mappings))
    assert bytes_of(land(frame, mappings)) == first
    permuted = bytes_of(land(frame.iloc[[4, 2, 0, 1, 3]], mappings))
    households = "village2020.households.parquet"
    assert permuted[households] == first[households]
    folder = mappings.parent / "work" / "households"
    assert sorted(path.name for path in folder.iterdir()) == sorted(first)


def test_files_have_the_same_types_with_and_without_rows(mappings):
    full = land(GOOD, mappings)
    schemas = [pq.read_schema(path) for path in full.files[:2]]
    assert schemas == [landing.HOUSEHOLDS, landing.REJECTS]
    # what pandas would note there differs between its versions
    assert [schema.metadata for schema in schemas] == [None, None]
    assert pq.read_table(full.files[0]).num_rows == 3
    one = land_beside(mappings, inc="x")
    assert [pq.read_schema(path) for path in one.files[:2]] == schemas
    assert pq.read_table(one.files[0]).num_rows == 1
    assert json.loads(one.files[2].read_text())["rows_rejected"] == 1


def test_a_survey_of_which_no_row_stands_is_refused_with_the_reasons(mappings):
    before = bytes_of(land(GOOD, mappings))
    with pytest.raises(landing.LandingError) as refused:
        land("hid,inc,spend,loan,net\n1,x,1,1,1\n2,y,1,1,1\n-9,1,1,1,1\n", mappings)
    assert str(refused.value) == (
        "survey.csv: none of its 3 rows can stand. 2 x inc: not a finite number "
        "(row 1: found x); 1 x HID: no household_id (row 3: found -9)"
    )
    assert {path.name: path.read_bytes() for path in files(mappings)} == before


def files(mappings):
    return sorted((mappings.parent / "work" / "households").iterdir())


def test_labels_of_provinces_and_of_no_answer_are_read(mappings):
    labels = ["河北", "河北省", "Hebei", "13", "13 河北省", "不适用", "Don't know"]
    frame = pd.DataFrame({"hid": range(1, 8), "prov": labels})
    frame = frame.assign(inc="拒绝回答", spend=1, loan=1, net=1)
    households = land(frame, mappings).households
    assert households["region_code"].tolist()[:5] == ["130000"] * 5
    assert households["region_code"].isna().tolist() == [False] * 5 + [True] * 2
    assert households["net_income_cny"].isna().all()


def test_the_provinces_are_those_of_the_seeds():
    assert {f"{code}0000" for code in landing.PROVINCES} == set(
        provinces(load_seeds(Paths().seeds))
    )


def test_a_survey_that_will_not_be_screened_says_so(mappings):
    row = {"inc": "1", "spend": "1", "loan": "1", "net": "1", "owed": "0"}
    few = pd.DataFrame([row | {"hid": n, "size": str(1 + n % 2)} for n in range(30)])
    assert land(few, mappings).warning == ""
    # one amount is enough, and a debt without assets is no basis
    few.loc[3, "inc"] = ""
    assert land(few, mappings).warning == ""
    few.loc[3, "spend"] = ""
    few.loc[4, "net"] = "0"
    assert land(few, mappings).warning == (
        "village2020 will be published and not screened: 28 of its 30 households can "
        "be assessed; the detectors need 30"
    )


def test_a_survey_of_households_that_are_alike_says_so(mappings):
    row = {"inc": "1", "spend": "1", "loan": "1", "net": "1", "owed": "0"}
    alike = pd.DataFrame([row | {"hid": n} for n in range(40)])
    assert land(alike, mappings).warning == (
        "village2020 will be published and not screened: all of its 40 households that "
        "can be assessed are alike"
    )


def test_what_can_be_assessed_is_what_the_build_assesses(warehouse):
    households = projects.table(
        warehouse,
        """
        select households.*, screened.not_assessed_reason
        from staging.stg_households as households
        inner join intermediate.int_households_screened as screened
            on
                households.survey_id = screened.survey_id
                and households.household_id = screened.household_id
        """,
    )
    assert households["not_assessed_reason"].notna().sum() > 0
    assert (
        landing.is_assessable(households) == households["not_assessed_reason"].isna()
    ).all()


@pytest.mark.parametrize(
    ("name", "content", "survey", "told"),
    [
        ("survey.xlsx", b"x", "village2020", "survey.xlsx is none of .dta, .sav"),
        ("survey.csv", b"", "village2020", "survey.csv is empty"),
        ("survey.csv", b"hid,inc,spend,loan,net\n", "village2020", "no rows"),
        ("survey.csv", b"hid,inc\n1,2\n", "village2020", "lacks spend, loan, net,"),
        ("survey.csv", b"hid,inc\n1,2\n", "village2020", "2 variables: hid, inc"),
        ("survey.csv", b"\xff\xff,\xff\n", "village2020", "neither UTF-8 nor GB"),
        (
            "survey.csv",
            b"hid,inc,spend,loan,net\n1,1,1,1,1\n2,1\n",
            "village2020",
            "Expected 5 columns, got 2",
        ),
        (
            "survey.csv",
            b"hid,HID,inc,spend,loan,net\n1,1,1,1,1,1\n",
            "village2020",
            "survey.csv has more than one hid",
        ),
        ("survey.dta", b"not Stata", "village2020", "cannot be read as dta"),
        ("survey.sav", b"not SPSS", "village2020", "cannot be read as sav"),
        ("survey.parquet", b"no", "village2020", "cannot be read as parquet"),
        ("survey.csv", b"a\n1\n", "vilage2020", "did you mean village2020"),
        ("survey.csv", b"a\n1\n", "xyz", "known surveys: roster2020, village2020"),
        ("survey.csv", b"a\n1\n", "simulated_a", "name of a simulated survey"),
    ],
)
def test_a_file_or_survey_that_cannot_land_is_refused_in_words(
    mappings, name, content, survey, told
):
    file = mappings.parent / name
    file.write_bytes(content)
    with pytest.raises(LandingError) as refusal:
        land_households(file, survey, mappings, mappings.parent / "work")
    assert told in str(refusal.value)
    assert not (mappings.parent / "work").exists()


def test_a_file_that_is_not_there_is_refused(mappings):
    with pytest.raises(LandingError, match=r"there is no file gone\.csv"):
        land_households(Path("gone.csv"), "village2020", mappings, mappings.parent)


def test_a_refused_file_leaves_what_landed_before(mappings):
    before = land(GOOD, mappings)
    content = bytes_of(before)
    with pytest.raises(LandingError):
        land("hid,inc\n1,1\n", mappings)
    assert bytes_of(before) == content


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("inc,net_income_cny,,,yuan,0,,CNY,2020,1", "inc has the factor '0'"),
        ("inc,net_income_cny,,,yuan,,,CNY,2020,1", "inc has the factor ''"),
        ("inc,net_income_cny,,,yuan,1,,USD,2020,1", "currency has the values CNY, USD"),
        ("inc,net_income_cny,,,yuan,1,,CNY,2021,1", "survey_year has the values"),
        ("inc,income,,,yuan,1,,CNY,2020,1", "becomes income, which is no column"),
        ("inc,net_income_cny,max,,yuan,1,,CNY,2020,1", "unknown rule 'max'"),
        ("inc,net_income_cny,,,yuan,1,x,CNY,2020,1", "unknown conversion 'x'"),
        ("inc,net_income_cny,,,yuan,1,,CNY,2020,", "inc has required ''"),
        ("b,household_id,,,code,1,,CNY,2020,1", "2 variables of household_id"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(tmp_path, row, told):
    path = tmp_path / "mappings.csv"
    good = "s,a,household_id,,,code,1,,CNY,2020,1"
    path.write_text(f"{HEADER}\n{good}\ns,{row}\n")
    with pytest.raises(LandingError) as refusal:
        landing.load_mapping(path, "s")
    assert told in str(refusal.value)


def test_a_mapping_without_household_is_refused(tmp_path):
    path = tmp_path / "mappings.csv"
    path.write_text(f"{HEADER}\ns,a,weight,,,code,1,,CNY,2020,1\n")
    with pytest.raises(LandingError, match="no variable becomes household_id"):
        landing.load_mapping(path, "s")


def test_a_negative_factor_subtracts(tmp_path):
    path = tmp_path / "mappings.csv"
    path.write_text(
        f"{HEADER}\ns,a,household_id,,,code,1,,CNY,2020,1\n"
        "s,all,non_mortgage_debt_cny,sum_complete,,yuan,1,,CNY,2020,1\n"
        "s,home,non_mortgage_debt_cny,sum_complete,,yuan,-1,,CNY,2020,1\n"
    )
    result = land("a,all,home\n1,10,4\n2,10,\n", path, survey="s")
    debt = result.households["non_mortgage_debt_cny"]
    assert debt[0] == 6
    assert np.isnan(debt[1])


def shipped():
    return pd.read_csv(SEED, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("survey", sorted(set(shipped()["survey"])))
def test_a_file_with_the_mapped_names_lands(survey, tmp_path):
    mapping = landing.load_mapping(SEED, survey)
    columns = {v.our_column for v in mapping.variables}
    assert {"household_id", "net_income_cny", "total_expenditure_cny"} <= columns
    assert all(variable.factor > 0 for variable in mapping.variables)
    names = {variable.name: [12, 13] for variable in mapping.variables}
    file = write(pd.DataFrame(names, dtype=float), tmp_path / "made_up.dta")
    result = land_households(file, survey, SEED, tmp_path)
    landed = result.households
    assert landed["household_id"].tolist() == ["12", "13"]
    for our_column in set(landing.NUMBERS) & columns:
        (variable, *others) = mapping.of(our_column)
        parts = 1 + len(others)
        expected = [1, 1] if variable.combine == "count" else [12 * parts, 13 * parts]
        assert landed[our_column].tolist() == expected
    if "region_code" in columns:
        assert landed["region_code"].tolist() == ["120000", "130000"]


def test_the_shipped_mappings_say_what_could_be_tried():
    rows = shipped()
    assert set(rows["tried"]) <= {"yes", "no", "in part"}
    assert (rows["note"] != "").all()
    assert not rows.duplicated(["survey", "source_variable", "our_column"]).any()
    assert set(rows["unit"]) <= {"yuan", "usd", "persons", "code", "weight"}
