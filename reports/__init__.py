"""Report pages: the marts of the warehouse as one self-contained HTML page per study.

`site.build_site` writes the pages. It reads through `queries`, shapes rows for print in
`tables`, draws with `charts` and says in sentences what stands out with `findings`.
"""
