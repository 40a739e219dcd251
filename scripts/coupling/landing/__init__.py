"""Land yearbook files: read tables as people have them, write figures as we keep them.

A file goes through four steps: `files` (bytes to sheets of text), `layouts` (sheets to
cells with region, year, series and unit), `figures` (texts to numbers in the unit of
the series) and `workspace` (numbers to the user's workspace, all or nothing).
"""
