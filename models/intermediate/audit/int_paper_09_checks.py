"""What paper 09 prints, checked: growth, shares, sums, sentences."""

from coupling.audit import checks, paper_09


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    return checks.frame(
        paper_09.audit(
            investment=dbt.ref("stg_published__paper_09_investment").df(),
            breakdowns=dbt.ref("stg_published__paper_09_breakdowns").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
        )
    )
