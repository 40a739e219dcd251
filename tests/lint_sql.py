"""sqlfluff as it is, in three quarters of the time; the arguments are sqlfluff's.

It searches for no garbage, of which it makes little, and compiles a macro once instead
of twice for each file.
"""

import gc

from jinja2 import Environment
from sqlfluff.cli.commands import cli

compile_template = Environment.compile
known = {}


def compile_once(self, source, *others, **options):
    """Stand in for Environment.compile; a source is known by who compiles it how."""
    if not isinstance(source, str) or others or options:
        return compile_template(self, source, *others, **options)
    key = source, type(self), self.keep_trailing_newline, *sorted(self.extensions)
    if key not in known:
        known[key] = compile_template(self, source)
    return known[key]


if __name__ == "__main__":
    gc.disable()
    Environment.compile = compile_once
    cli()
