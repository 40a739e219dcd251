"""What paper 01 prints, checked: grades, implied scores, obstacles, sentences."""

from coupling.audit import checks, paper_01
from coupling.audit.references import catalogue_of


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    studies = dbt.ref("stg_studies__studies").df()
    indicators = dbt.ref("stg_studies__indicators").df()
    schemes = dbt.ref("stg_reference__grade_schemes").df()
    return checks.frame(
        paper_01.audit(
            couplings=dbt.ref("stg_published__paper_01_coupling").df(),
            grades=dbt.ref("stg_published__paper_01_grades").df(),
            obstacles=dbt.ref("stg_published__paper_01_obstacles").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
            scheme=schemes[schemes["grade_scheme_id"] == "six_levels"],
            catalogue=catalogue_of("01", studies, indicators),
            regions=dbt.ref("stg_reference__regions").df(),
        )
    )
