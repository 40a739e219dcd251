"""A study as a manuscript and as a bundle that others can run."""
