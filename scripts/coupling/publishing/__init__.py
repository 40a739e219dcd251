"""Builds replace each other by one rename; runs and locks."""
