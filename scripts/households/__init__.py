"""Household surveys: landing, imputation, detectors, clusters and explanations."""
