"""What paper 06 prints, checked: loss rates, errors, forecasts, premium."""

from coupling.audit import checks, paper_06


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    return checks.frame(
        paper_06.audit(
            losses=dbt.ref("stg_published__paper_06_losses").df(),
            forecasts=dbt.ref("stg_published__paper_06_forecasts").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
            regions=dbt.ref("stg_reference__regions").df(),
        )
    )
