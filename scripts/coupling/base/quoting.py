"""Text and names as SQL has them, whatever stands in them."""


def sql_text(text: object) -> str:
    """Return `text`, or a path, as a string literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def sql_name(*parts: str) -> str:
    """Return a name of SQL from its parts: schema and table, or one column."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)
