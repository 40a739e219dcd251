"""Report pages: the marts of the warehouse as self-contained HTML pages.

There is one page per study, and one of all household surveys.
`site.build_site` writes the pages. It reads through `queries`, shapes rows for print in
`tables`, draws with `charts` and says in sentences what stands out with `findings`.
`households` gathers what the page of surveys shows; `lineage` writes the page of
tables.
"""
