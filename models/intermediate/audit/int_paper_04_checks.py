"""What paper 04 prints, checked: rankings of obstacles, sentences."""

from coupling.audit import checks, paper_04
from coupling.audit.references import catalogue_of


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    studies = dbt.ref("stg_studies__studies").df()
    indicators = dbt.ref("stg_studies__indicators").df()
    return checks.frame(
        paper_04.audit(
            obstacles=dbt.ref("stg_published__paper_04_obstacles").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
            catalogue=catalogue_of("04", studies, indicators),
        )
    )
