"""Regions of one name, told apart by their codes."""

import pandas as pd

from coupling.words.language import _


def with_codes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the code behind each name that several regions bear.

    Parameters
    ----------
    frame
        Rows of a study with `region_code` and `region`.

    """
    codes = frame.groupby("region")["region_code"].transform("nunique")
    if not len(frame) or codes.max() == 1:
        return frame
    with_code = [
        row.region + _(" ({added})").format(added=row.region_code)
        for row in frame.itertuples()
    ]
    return frame.assign(region=frame["region"].where(codes == 1, with_code))
