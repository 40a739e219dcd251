"""A study as the parts of a manuscript: methods, tables and figures, ready to write.

`content.read_manuscript` gathers them from the marts in the language spoken; `document`
and `latex` write them down.
"""
