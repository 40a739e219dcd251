"""Weights combined by game theory: the mixture nearest to all its members."""

import numpy as np
import pandas as pd
import pyarrow as pa

SCOPE = ["study_id", "method_id", "system_id", "scope_year"]
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in SCOPE[:3]),
        ("scope_year", pa.int32()),
        ("member", pa.int32()),
        ("share", pa.float64()),
    ]
)


def balance(products: pd.DataFrame) -> pa.Table:
    """Return what each member counts in the combined weights of a system.

    Parameters
    ----------
    products
        Rows of int_member_products_summed: w_i . w_j of each pair of members.

    """
    rows = []
    for scope, pairs in products.groupby(SCOPE, sort=True):
        wide = pairs.pivot(index="member", columns="other_member", values="product")
        wide = wide.sort_index().sort_index(axis=1)
        shares = solve(wide.to_numpy(dtype=float))
        rows += [
            (*scope, member, share)
            for member, share in zip(wide.index, shares.tolist(), strict=True)
        ]
    columns = list(zip(*rows, strict=True)) or [() for _ in SCHEMA]
    arrays = [
        pa.array(column, field.type)
        for column, field in zip(columns, SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=SCHEMA)


def solve(products: np.ndarray) -> np.ndarray:
    """Return shares from the matrix of products w_i . w_j; they are 0 up and sum to 1.

    The a that solve sum_j a_j (w_i . w_j) = w_i . w_i for each i make the sum of a w
    deviate least from every member; they are taken absolute and to sum 1. Where members
    do not differ, so that many a solve it, the shortest counts.
    """
    solved = np.linalg.lstsq(products, np.diag(products), rcond=1e-12)[0]
    shares = np.abs(solved)
    return shares / shares.sum()
