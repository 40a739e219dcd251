"""A panel file of a user: sheets, headings, places, and the rows that it becomes."""
