"""Words, numbers and tables of pages and papers, in both languages."""
