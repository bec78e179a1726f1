"""Stands behind the wall in place of a package that is hidden there."""

raise ModuleNotFoundError(f"No module named {__name__!r}", name=__name__)
