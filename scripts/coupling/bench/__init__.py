"""Measure: builds, surveys, answers, and the core beside its peers on any size."""
