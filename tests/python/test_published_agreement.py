"""Study 01 keeps close to the degrees that its paper prints."""

import projects
import pytest


@pytest.mark.parametrize("year", [2018, 2020, 2022])
def test_study_01_correlates_with_its_printed_table(warehouse, year):
    # floor set on 2026-11-21 from 0.874, 0.882, 0.894 measured on 13 of 16 indicators
    found = projects.table(
        warehouse,
        f"""
        select region_count, pearson_correlation
        from quality.qc_published_agreement
        where study_id = 'ecommerce_manufacturing_east'
            and method_id = 'entropy_topsis' and year = {year}
        """,
    )
    assert found["region_count"].tolist() == [10]
    assert 0.87 <= found["pearson_correlation"].item() <= 1


def test_agreement_is_the_plain_comparison_of_two_tables(warehouse):
    both = projects.table(
        warehouse,
        """
        select coupling.coupling_coordination_degree as ours,
            printed.coupling_coordination_degree as printed
        from marts.fct_coupling as coupling
        join seeds.paper_01_table_2_coupling as printed
            using (study_id, region_code, year)
        where method_id = 'critic_linear' and year = 2020
        """,
    )
    found = projects.table(
        warehouse,
        """
        select pearson_correlation, mean_difference, mean_absolute_difference
        from quality.qc_published_agreement
        where method_id = 'critic_linear' and year = 2020
        """,
    ).iloc[0]
    gap = both["ours"] - both["printed"]
    assert found["pearson_correlation"] == pytest.approx(both.corr().iloc[0, 1])
    assert found["mean_difference"] == pytest.approx(gap.mean())
    assert found["mean_absolute_difference"] == pytest.approx(gap.abs().mean())
