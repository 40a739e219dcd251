"""What each member counts where weights are combined by game theory."""

from coupling.weighting import games


def model(dbt, session):
    """Return one row per study, method, system, scope and member."""
    dbt.config(materialized="table")
    return games.balance(dbt.ref("int_member_products_summed").df())
