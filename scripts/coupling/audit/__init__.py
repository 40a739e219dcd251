"""Recompute what the papers print, with rounding taken into account."""
