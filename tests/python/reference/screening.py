"""Parameters of the household screen, small enough for quick tests."""

PARAMETERS = {
    "sigma": 3,
    "forest_trees": 50,
    "forest_sample_size": 256,
    "lof_neighbours": 100,
    "lof_sample_size": 2000,
    "flagged_share": 0.05,
    "votes_needed": 2,
    "seed": 2022,
    "imputation_draws": 2,
    "winsor_lower": 0.001,
    "winsor_upper": 0.999,
    "floor_share": 0.05,
    "scale_lower": 0.05,
    "scale_upper": 0.95,
}
