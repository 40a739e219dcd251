"""The grey forecast of paper 06: GM(1,1), one step ahead."""

import math

import numpy as np


def forecast(series: list[float]) -> float:
    """Return the value after `series` that a grey model GM(1,1) expects.

    With X the running sums and z their means of neighbours, x_k = -a z_k + b is fitted
    by least squares for k = 2 to n; then X_n+1 - X_n of the solution of dX/dt + a X = b
    that starts in x_1 is the forecast, in the unit of the series. Source: paper 06,
    eqs. (1)-(8).

    Raises
    ------
    ValueError
        There are fewer than four values, too few to say anything of the fit.
    ZeroDivisionError
        The running sums do not grow, so nothing can be fitted.

    """
    if len(series) < 4:
        raise ValueError(f"GM(1,1) needs four values or more, not {len(series)}")
    known = np.asarray(series, dtype=float)
    sums = known.cumsum()
    z = (sums[1:] + sums[:-1]) / 2
    spread = z - z.mean()
    squares = math.fsum(spread**2)
    if squares == 0:
        raise ZeroDivisionError("the running sums do not grow")
    a = -math.fsum(spread * (known[1:] - known[1:].mean())) / squares
    b = float(known[1:].mean() + a * z.mean())
    n = len(known)
    if abs(a) < 1e-12:  # the limit: a straight line
        return b
    return (known[0] - b / a) * (math.exp(-a * n) - math.exp(-a * (n - 1)))
