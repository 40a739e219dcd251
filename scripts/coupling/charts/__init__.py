"""Charts of pages and papers."""
