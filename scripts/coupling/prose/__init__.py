"""Sentences and parts about methods and results that pages and papers share."""
