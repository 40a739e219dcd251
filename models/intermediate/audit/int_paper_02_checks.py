"""What paper 02 prints, checked: averages, provinces, sentences."""

from coupling.audit import checks, paper_02
from coupling.audit.references import catalogue_of, provinces_of, with_belts


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    studies = dbt.ref("stg_studies__studies").df()
    indicators = dbt.ref("stg_studies__indicators").df()
    members = dbt.ref("stg_studies__study_regions").df()
    regions = with_belts(
        dbt.ref("stg_reference__regions").df(),
        dbt.ref("stg_reference__region_groups").df(),
    )
    schemes = dbt.ref("stg_reference__grade_schemes").df()
    return checks.frame(
        paper_02.audit(
            coordination=dbt.ref("stg_published__paper_02_coordination").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
            scheme=schemes[schemes["grade_scheme_id"] == "ten_levels"],
            catalogue=catalogue_of("02", studies, indicators),
            provinces=provinces_of("02", studies, members, regions),
        )
    )
