"""The process that `Background` starts."""

from coupling.expectations.background import serve

serve()
