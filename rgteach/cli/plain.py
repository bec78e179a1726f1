"""Words of the command line as texts and paths, without the library that typer would load for it.

Newer editions of typer turn every word into its type by way of pydantic, which takes longer to load than
all else that a command needs to start.  Our options are texts and paths, so nothing is left to be checked
but that a file that is there can be read; what is not as expected is left to typer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

_MAKERS: dict[object, Callable] = {bool: bool, str: str, Path: Path, list[str]: str, list[Path]: Path}


def lighten(params: Iterable[object]) -> None:
    """Take the conversion of texts and paths from typer, where this edition of it has one to take."""
    for param in params:
        annotation = getattr(getattr(param, "type_descriptor", None), "annotation", None)
        if annotation in _MAKERS and getattr(param, "_runtime_param", param) is None:
            param._runtime_param = _Plain(_MAKERS[annotation])


class _Plain:
    """Stands for typer's own conversion of one option."""

    def __init__(self, make: Callable):
        self.make = make

    def coerce(self, value: object, param: object, ctx: object) -> object:
        """The value in its type; None stays, and of an option that may come often it is no value at all."""
        is_many = param.multiple or param.nargs == -1
        words = value if is_many else [value]
        if value is None:
            return () if is_many else None
        if not isinstance(words, list | tuple) or not all(map(self._is_fine, words)):
            param._runtime_param = None
            return param.get_runtime_param().coerce(value, param=param, ctx=ctx)
        made = [self.make(word) for word in words]
        return made if is_many else made[0]

    def _is_fine(self, word: object) -> bool:
        if self.make is not Path:
            return isinstance(word, self.make)
        return isinstance(word, str | Path) and (not os.path.exists(word) or os.access(word, os.R_OK))
