"""What paper 03 prints, checked: weights, growth rates, means, sentences."""

from coupling.audit import checks, paper_03
from coupling.audit.references import with_belts


def model(dbt, session):
    """Return one row per claim."""
    dbt.config(materialized="table")
    regions = with_belts(
        dbt.ref("stg_reference__regions").df(),
        dbt.ref("stg_reference__region_groups").df(),
    )
    schemes = dbt.ref("stg_reference__grade_schemes").df()
    return checks.frame(
        paper_03.audit(
            weights=dbt.ref("stg_published__paper_03_weights").df(),
            coordination=dbt.ref("stg_published__paper_03_coordination").df(),
            claims=dbt.ref("stg_published__text_claims").df(),
            scheme=schemes[schemes["grade_scheme_id"] == "ten_levels"],
            regions=regions,
        )
    )
