"""Studies of a user's own to try things on, and panel files that they come from."""

import pandas as pd

from coupling.panels.rows import Source, StudyRows


def example() -> StudyRows:
    """Three cities, two years, two systems of two indicators each; one blank."""
    study_id = "three_cities"
    series = [f"{study_id}__x{place}" for place in range(1, 5)]
    labels = ["Output", "Broadband", "Waste water", "Green space"]
    units = ["yuan", "households", "10k t", "%"]
    systems = ["economy", "economy", "environment", "environment"]
    tables = {
        "studies": [
            {
                "study_id": study_id,
                "label": "Three cities",
                "first_year": 2020,
                "last_year": 2021,
                "default_method_id": "entropy_topsis",
                "grade_scheme_id": "six_levels",
            }
        ],
        "systems": [
            {
                "study_id": study_id,
                "system_id": name.lower(),
                "position": place,
                "label": name,
                "contribution": 0.5,
            }
            for place, name in enumerate(("Economy", "Environment"), 1)
        ],
        "indicators": [
            {
                "study_id": study_id,
                "system_id": systems[i],
                "indicator_id": f"X{i + 1}",
                "position": i + 1,
                "label": labels[i],
                "unit": units[i],
                "direction": "-" if i == 2 else "+",
                "operator": "identity",
                "numerator": series[i],
                "scale": 1.0,
                "status": "measured",
            }
            for i in range(4)
        ],
        "study_regions": [
            {"study_id": study_id, "region_code": code}
            for code in ("340100", "340200", "own_4f2c1a00")
        ],
        "regions": [{"region_code": "own_4f2c1a00", "region": "Isle"}],
        "series": [
            {
                "series_id": series[i],
                "chapter": "own",
                "label": labels[i],
                "unit": units[i],
            }
            for i in range(4)
        ],
    }
    figures = pd.DataFrame(
        [
            ("340100", 2020, 100.0, 10.0, 5.0, 40.0),
            ("340100", 2021, 110.0, 12.0, 4.5, 41.0),
            ("340200", 2020, 80.0, 7.0, 6.0, 38.0),
            ("340200", 2021, 86.0, None, 5.5, 38.5),
            ("own_4f2c1a00", 2020, 20.0, 1.0, 1.0, 60.0),
            ("own_4f2c1a00", 2021, 19.0, 1.5, 0.8, 62.0),
        ],
        columns=["region_code", "year", *series],
    )
    return StudyRows(
        study_id,
        {name: pd.DataFrame(rows) for name, rows in tables.items()},
        figures,
        Source("three_cities.csv", "0" * 64),
    )
