"""The household screen as the marts show it, on shipped, copied and odd surveys."""
# ruff: noqa: RUF001, Chinese has signs of its own

import re

import flagged_ratios
import numpy as np
import pandas as pd
import projects
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coupling.base.paths import Paths
from coupling.households import landing
from coupling.households.detectors import AMOUNTS, FAMILY_SIZE
from coupling.households.evaluation import compare, screen
from coupling.households.frames import parameters
from coupling.households.imputation import impute
from coupling.households.simulation import simulate

SIMULATED = "simulated_cfps2022"
SEEDS = Paths().seeds
SETTINGS = parameters(
    pd.read_csv(SEEDS / "households" / "detector_parameters.csv", dtype=str)
)


@pytest.fixture(scope="module")
def survey():
    path = SEEDS / "households" / "simulated_cfps2022.csv"
    return pd.read_csv(path, dtype={"region_code": str})


@pytest.fixture(scope="module")
def anomalies(warehouse):
    frame = projects.table(warehouse, "select * from marts.fct_household_anomalies")
    return frame.set_index(["survey_id", "household_id"]).sort_index()


def completed_amounts(database):
    return projects.table(
        database,
        """
        select survey_id, household_id, column_name, value
        from intermediate.int_household_values_imputed
        """,
    )


def test_the_simulated_survey_is_made_again_from_its_seed(survey):
    regions = pd.read_csv(SEEDS / "reference" / "regions.csv", dtype=str)
    provinces = regions.loc[regions["level"] == "province", "region_code"]
    made, labels = simulate(provinces.tolist(), 2000, 2022)
    numbers = [*AMOUNTS, FAMILY_SIZE]
    assert survey["household_id"].tolist() == made["household_id"].tolist()
    assert np.allclose(survey[numbers], made[numbers], rtol=1e-9, equal_nan=True)
    shipped = pd.read_csv(
        SEEDS / "households" / "simulated_cfps2022_labels.csv", keep_default_na=False
    )
    assert shipped["anomaly_kind"].tolist() == labels["anomaly_kind"].tolist()


def test_every_household_has_one_row(anomalies, survey):
    assert len(anomalies.loc[SIMULATED]) == len(survey) == 2000
    assert len(anomalies.loc["engel_1857"]) == 235
    assert anomalies.index.is_unique


def test_scores_and_flags_are_those_of_the_functions(anomalies, survey):
    shown = anomalies.loc[SIMULATED]
    assessed = survey[survey["household_id"].isin(shown.index[shown["is_assessed"]])]
    found = screen(assessed.sample(frac=1, random_state=1), SETTINGS)
    for detector, rows in found.groupby("detector"):
        rows = rows.set_index("household_id").sort_index()
        shown_rows = shown.loc[rows.index]
        if detector != "vote":
            scores = shown_rows[f"{detector}_score"].to_numpy(dtype=float)
            assert np.allclose(scores, rows["score"], rtol=0, atol=1e-9)
        flags = shown_rows[f"{detector}_flag"].astype(bool)
        assert flags.tolist() == rows["is_flagged"].tolist()


def test_observed_values_never_change(warehouse, survey):
    values = projects.table(
        warehouse,
        f"""
        select household_id, column_name, value, is_imputed
        from intermediate.int_household_values_imputed
        where survey_id = '{SIMULATED}'
        """,
    )
    wide = values.pivot(index="household_id", columns="column_name", values="value")
    given = survey.set_index("household_id").loc[wide.index, wide.columns]
    observed = given.notna().to_numpy()
    assert (wide.to_numpy()[observed] == given.to_numpy(dtype=float)[observed]).all()
    assert values["is_imputed"].sum() == (~observed).sum() > 300
    numbers = [*AMOUNTS, FAMILY_SIZE]
    kept = survey[survey["household_id"].isin(wide.index)]
    completed, _ = impute(kept, numbers, SETTINGS["imputation_draws"], SETTINGS["seed"])
    again = completed.set_index("household_id").loc[wide.index, wide.columns]
    assert np.allclose(wide, again.astype(float), rtol=1e-12)


def test_a_flag_follows_from_a_reason_and_the_reason_from_the_default(anomalies):
    assessed = anomalies[anomalies["is_assessed"]]
    has_reason = assessed["anomaly_reason"].notna()
    assert assessed["is_anomaly"].astype(bool).equals(has_reason)
    default = assessed[f"{SETTINGS['default_detector']}_flag"].astype(bool)
    assert default.equals(has_reason.rename(default.name))
    assert 50 < has_reason.sum() < 200
    assert anomalies.loc[~anomalies["is_assessed"], "is_anomaly"].isna().all()


def test_a_reason_names_value_median_peers_and_threshold(anomalies):
    flagged = anomalies[anomalies["anomaly_reason"].notna()]
    for row in flagged.itertuples():
        for number, digits in (
            (row.household_value, 2),
            (row.peer_median, 2),
            (row.deciding_score, 3),
            (row.deciding_threshold, 3),
        ):
            assert any(
                abs(float(word.strip(";.,")) - number) <= 0.51 * 10**-digits
                for word in row.anomaly_reason.split()
                if word.strip(";.,").replace(".", "", 1).lstrip("-").isdigit()
            ), (row.anomaly_reason, number)
        assert f"{row.peer_count} households" in row.anomaly_reason
        assert row.deciding_score > row.deciding_threshold


def assert_told_what_flags(anomalies, amounts):
    """Every flagged household is told a ratio beyond three standard deviations."""
    checked = 0
    for survey_id, rows in amounts.groupby("survey_id"):
        wide = rows.pivot(index="household_id", columns="column_name", values="value")
        columns = {name: wide[name].to_numpy(dtype=float) for name in wide}
        found = flagged_ratios.ratios(columns, SETTINGS)
        far = pd.DataFrame(flagged_ratios.distances(found), wide.index)
        shown = anomalies.loc[survey_id].loc[wide.index]
        beyond = far.max(axis=1) > SETTINGS["sigma"]
        assert (shown["deciding_detector"] == "three_sigma").tolist() == beyond.tolist()
        for household_id, row in shown[beyond].iterrows():
            own = far.loc[household_id]
            name = row["main_feature"]
            # the ratio that makes the score, not merely one beyond the threshold
            assert own[name] == pytest.approx(own.max(), rel=1e-9), household_id
            assert own[name] == pytest.approx(row["deciding_score"], rel=1e-6)
            value = found[name][0][wide.index.get_loc(household_id)]
            assert row["household_value"] == pytest.approx(value, rel=1e-9)
            is_above = value > np.median(found[name][0])
            assert is_above == (value > row["deciding_limit"])
            limit = flagged_ratios.distance_of(name, row["deciding_limit"], found)
            sigma = SETTINGS["sigma"] if is_above else -SETTINGS["sigma"]
            assert limit == pytest.approx(sigma, rel=1e-6)
            side = "above" if is_above else "below"
            assert row["deciding_side"] == side
            reason = row["anomaly_reason"].split(" The screen said: ")[-1]
            told_name, told_value, told_side, told_limit = flagged_ratios.said(reason)
            assert (told_name, told_side) == (name, side)
            assert told_value == pytest.approx(value, abs=0.0051)
            assert told_limit == pytest.approx(row["deciding_limit"], abs=0.0051)
            # beyond the limit also as printed
            assert told_value != told_limit
            assert (told_value > told_limit) == is_above, reason
        checked += beyond.sum()
    return checked


def test_every_flagged_household_is_told_the_ratio_beyond_the_threshold(
    warehouse, anomalies
):
    assert assert_told_what_flags(anomalies, completed_amounts(warehouse)) > 50
    spending = anomalies.loc[(SIMULATED, "h0001760")]
    assert spending["main_feature"] == "income_expenditure_ratio"
    assert spending["anomaly_reason"].startswith("The household spends 7.19 times")
    # further from the median in the units of the detectors, yet within the threshold
    assert spending["asset_debt_ratio"] < 0.664


def test_a_reason_is_told_in_chinese_with_all_its_numbers(anomalies):
    number = re.compile(r"-?\d+(?:\.\d+)?")
    flagged = anomalies[anomalies["anomaly_reason"].notna()]
    words = {
        "income_expenditure_ratio": "该户支出为收入的",
        "asset_debt_ratio": "该户除房贷外的负债为资产的",
        "per_capita_income": "该户人均收入为",
        "asset_income_ratio": "该户资产为收入的",
    }
    for row in flagged.itertuples():
        reason, chinese = row.anomaly_reason, row.anomaly_reason_zh
        assert not re.search(r"[a-z]{2}", chinese), chinese
        assert number.findall(chinese) == number.findall(reason)
        assert chinese.startswith(words[row.main_feature])
        assert "由三倍标准差标记：得分" in chinese
        side = "高于" if " every value above " in reason else "低于"
        assert re.search(rf"凡{side}\S+者均被标记。$", chinese), chinese
    engel = anomalies.loc[("engel_1857", "engel_105")]
    assert engel["anomaly_reason_zh"] == (
        "该户支出为收入的0.34倍；调查中235户的中位数为0.66，九成位于0.5至0.8之间。"
        "由三倍标准差标记：得分4.33，高于3.0；凡低于0.41者均被标记。"
    )


def test_simulated_rows_say_so(anomalies):
    simulated = anomalies["is_simulated"].groupby("survey_id").first()
    assert simulated.to_dict() == {"engel_1857": False, SIMULATED: True}


def test_comparison_with_the_labels_is_that_of_the_function(warehouse):
    detections = projects.table(
        warehouse,
        f"""
        select household_id, detector, score, threshold, is_flagged
        from intermediate.int_household_detections where survey_id = '{SIMULATED}'
        """,
    )
    labels = pd.read_csv(
        SEEDS / "households" / "simulated_cfps2022_labels.csv", keep_default_na=False
    )
    expected = compare(detections, labels).set_index("detector")
    shown = projects.table(
        warehouse,
        f"select * from marts.fct_detector_comparison where survey_id = '{SIMULATED}'",
    ).set_index("detector")
    for column in ("average_precision", "precision_at_k", "recall"):
        assert np.allclose(shown[column], expected.loc[shown.index, column], atol=1e-12)
    both = detections[detections["is_flagged"]].groupby("household_id")["detector"]
    pairs = sum({"vote", "mean_rank"} <= set(flagged) for _, flagged in both)
    assert shown.at["vote", "also_mean_rank_count"] == pairs > 0


def test_rates_add_up_and_lie_in_their_interval(warehouse):
    rates = projects.table(warehouse, "select * from marts.fct_region_anomaly_rates")
    once = rates.drop_duplicates(["survey_id", "region_code", "survey_year"])
    assert once["household_count"].sum() == 2000
    known = once.dropna(subset=["anomaly_rate"])
    assert known["rate_low"].le(known["anomaly_rate"]).all()
    assert known["rate_high"].ge(known["anomaly_rate"]).all()
    assert rates["coupling_coordination_degree"].notna().any()


# --- surveys that are copied, changed or too small ----------------------------------


def odd(survey):
    """Households with nothing earned, losses, nothing spent, and gaps."""
    frame = survey[survey["non_mortgage_debt_cny"].fillna(0) >= 0].head(200).copy()
    frame = frame.reset_index(drop=True)
    frame.loc[:5, "net_income_cny"] = 0.0
    frame.loc[6:10, "net_income_cny"] = -5000.0
    frame.loc[11:15, "total_expenditure_cny"] = 0.0
    frame.loc[16:17, ["total_assets_cny", "non_mortgage_debt_cny"]] = 0.0
    frame.loc[18:20, "net_income_cny"] = np.nan
    frame.loc[21:23, ["total_assets_cny", "non_mortgage_debt_cny"]] = np.nan
    return frame


@pytest.fixture(scope="module")
def other_surveys(tmp_path_factory, survey, manifest):
    paths = projects.copy_project(tmp_path_factory.mktemp("households"))
    folder = paths.project / "workspace" / "households"
    folder.mkdir(parents=True)
    richer = survey.assign(**{name: survey[name] * 7.3 for name in AMOUNTS})
    surveys = {
        "copied": survey.sample(frac=1, random_state=4),
        "richer": richer,
        "small": survey.head(20),
        "indebted": survey.head(60).assign(total_assets_cny=0.0),
        "odd": odd(survey),
        "alike": survey.head(40).assign(**dict.fromkeys(AMOUNTS, 1e4), family_size=2),
    }
    for name, rows in surveys.items():
        rows = rows.assign(survey_id=name, survey_year=2022)
        frame = rows[landing.HOUSEHOLDS.names].sort_values("household_id")
        (folder / f"{name}.households.parquet").write_bytes(
            landing._parquet(frame, landing.HOUSEHOLDS)
        )
    # as it was landed before reasons were said in Chinese
    fault = dict.fromkeys(landing.REJECTS.names[:-1])
    fault |= {"survey_id": "small", "source_row": 9, "reason": "not a finite number"}
    schema = landing.REJECTS.remove(len(landing.REJECTS) - 1)
    pq.write_table(
        pa.Table.from_pylist([fault], schema), folder / "small.rejects.parquet"
    )
    projects.append_rows(
        paths.seeds / "households" / "household_overrides.csv",
        [
            {
                "survey_id": SIMULATED,
                "household_id": household,
                "is_anomaly": verdict,
                "reviewer": "A. Reviewer",
                "reviewed_on": "2026-11-21",
                "reason": "seen the papers",
            }
            for household, verdict in (("h0001757", 0), ("h0000001", 1))
        ],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUPLING_WORKSPACE", str(paths.project / "workspace"))
        database = projects.compute(
            paths, "fct_household_anomalies", "qc_household_rejects"
        )
    assert projects.broken_tests(database, manifest) == []
    frame = projects.table(database, "select * from marts.fct_household_anomalies")
    rejects = projects.table(database, "select * from quality.qc_household_rejects")
    frame = frame.set_index(["survey_id", "household_id"]).sort_index()
    return frame, rejects, completed_amounts(database)


FLAGS = [
    "three_sigma_flag",
    "isolation_forest_flag",
    "local_outlier_factor_flag",
    "vote_flag",
    "mean_rank_flag",
]


@pytest.mark.parametrize("name", ["copied", "richer", SIMULATED])
def test_order_money_and_other_surveys_change_no_flag(anomalies, other_surveys, name):
    found, *_ = other_surveys
    assert found.loc[name, FLAGS].equals(anomalies.loc[SIMULATED, FLAGS])


def test_zeros_losses_and_gaps_are_told_the_ratio_beyond_the_threshold(other_surveys):
    found, _, amounts = other_surveys
    assert assert_told_what_flags(found, amounts) > 200
    flagged = found.loc["odd"].dropna(subset=["main_feature"])
    assert flagged["main_feature"].nunique() >= 3
    assert flagged["deciding_side"].nunique() == 2
    is_floored = flagged["anomaly_reason"].str.contains("raised to the floor")
    assert is_floored.any()
    floored = flagged["anomaly_reason_zh"].str.contains(
        "（接近或低于零的分母已提高到下限）；"
    )
    assert floored.equals(is_floored.rename(floored.name))


def test_a_reviewer_wins_and_is_shown(anomalies, other_surveys):
    found, *_ = other_surveys
    cleared = found.loc[(SIMULATED, "h0001757")]
    assert anomalies.loc[(SIMULATED, "h0001757"), "is_anomaly"]
    assert not cleared["is_anomaly"] and cleared["is_overridden"]
    assert cleared["anomaly_reason"].startswith(
        "Settled by A. Reviewer on 2026-11-21: seen the papers The screen said: "
    )
    screen = anomalies.loc[(SIMULATED, "h0001757"), "anomaly_reason_zh"]
    settled = "由A. Reviewer于2026-11-21裁定：seen the papers"
    assert cleared["anomaly_reason_zh"] == f"{settled} 筛查认为：{screen}"
    added = found.loc[(SIMULATED, "h0000001")]
    assert not anomalies.loc[(SIMULATED, "h0000001"), "is_anomaly"]
    assert added["is_anomaly"] and added["is_overridden"]
    assert added["anomaly_reason_zh"] == settled
    assert found["is_overridden"].sum() == 2


def test_a_survey_that_is_too_small_is_refused_in_words(other_surveys):
    found, rejects, _ = other_surveys
    small = found.loc["small"]
    assert not small["is_assessed"].any() and small["is_anomaly"].isna().all()
    reason = "the survey has 20 assessable households; detectors need 30"
    assert set(small["not_assessed_reason"]) == {reason}
    assert set(small["not_assessed_reason_zh"]) == {
        "调查中可评估的家庭为20户，检测方法需要30户"
    }
    of_small = rejects[rejects["survey_id"] == "small"]
    assert of_small["step"].value_counts().to_dict() == {"screening": 20, "landing": 1}
    [old] = of_small[of_small["step"] == "landing"].itertuples()
    assert old.reason_zh == old.reason == "not a finite number"


def test_a_survey_of_households_that_are_alike_is_refused_in_words(other_surveys):
    found, rejects, _ = other_surveys
    alike = found.loc["alike"]
    assert len(alike) == 40
    assert not alike["is_assessed"].any() and alike["is_anomaly"].isna().all()
    reason = "no ratio varies within the survey; nothing stands out"
    in_chinese = "调查中没有任何比率有差异，无从识别异常"
    assert set(alike["not_assessed_reason"]) == {reason}
    assert set(alike["not_assessed_reason_zh"]) == {in_chinese}
    listed = rejects[(rejects["survey_id"] == "alike") & (rejects["step"] != "scaling")]
    assert (len(listed), set(listed["reason"])) == (40, {reason})
    assert set(listed["reason_zh"]) == {in_chinese}
    constant = rejects[rejects["step"] == "scaling"]
    assert set(constant["reason_zh"]) == {"该特征对所有家庭相同，检测方法不使用"}


def test_a_debt_without_assets_is_rejected_with_its_reason(other_surveys, survey):
    found, rejects, _ = other_surveys
    indebted = survey.head(60)
    owes = indebted.loc[indebted["non_mortgage_debt_cny"] > 0, "household_id"]
    assert 5 < len(owes) < 30
    reasons = found.loc["indebted"].loc[owes]
    assert set(reasons["not_assessed_reason"]) == {
        "a debt without assets to set against it"
    }
    assert set(reasons["not_assessed_reason_zh"]) == {"有负债而没有可对应的资产"}
    listed = rejects[rejects["survey_id"] == "indebted"]
    assert set(listed["household_id"].dropna()) >= set(owes)


def test_another_deciding_detector_is_told_by_what_its_score_rests_on(
    tmp_path_factory, survey
):
    paths = projects.copy_project(tmp_path_factory.mktemp("voted"))
    households = paths.seeds / "households"
    parameters = projects.read_rows(households / "detector_parameters.csv")
    for row in parameters:
        if row["parameter"] == "default_detector":
            row["value"] = "vote"
    projects.write_rows(households / "detector_parameters.csv", parameters)
    for name in ("simulated_cfps2022", "simulated_cfps2022_labels"):
        rows = projects.read_rows(households / f"{name}.csv")
        projects.write_rows(households / f"{name}.csv", rows[:300])
    database = projects.compute(paths, "fct_household_anomalies")
    found = projects.table(database, "select * from marts.fct_household_anomalies")
    flagged = found[found["main_feature"].notna()]
    assert flagged["vote_flag"].all() and len(flagged) == found["vote_flag"].sum() > 10
    assert (flagged["deciding_score"] == flagged["votes"]).all()
    assert (
        flagged["deciding_score_at_median"] < flagged["deciding_score"]
    ).mean() > 0.5
    assert flagged[["deciding_side", "deciding_limit"]].isna().all(axis=None)
    for row in flagged.itertuples():
        assert row.anomaly_reason.endswith(
            f"Flagged by vote: score {row.votes:.1f} of 3, at least 2.0, and "
            f"{row.deciding_score_at_median:.1f} with this ratio at the median."
        )
        assert row.anomaly_reason_zh.endswith(
            f"由投票标记：3票中得{row.votes:.1f}票，至少需2.0票；若该比率取中位数，"
            f"得{row.deciding_score_at_median:.1f}票。"
        )
