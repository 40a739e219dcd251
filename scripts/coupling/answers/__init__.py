"""The answer of a study: on screen, as tables, workbook, page and text."""
