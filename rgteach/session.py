"""The second line of every notebook: `rg.setup()`."""

from __future__ import annotations

import warnings

from rgteach import wording
from rgteach.errors import LearnerError, LearnerWarning


def setup(lang: str | None = None) -> None:
    """Start a notebook: fix the language, and show our warnings as sentences without file names.

    Parameters
    ----------
    lang : "en", "zh" or None
        None follows the `RGTEACH_LANG` variable, then the system's language.

    Raises
    ------
    LearnerError
        For a language that has no words here.
    """
    if lang is not None and lang not in wording.LANGUAGES:
        raise LearnerError("unknown-language", given=lang, known=", ".join(wording.LANGUAGES))
    wording.choose(lang)
    if not _before:  # once: who wrapped ours since then would otherwise be wrapped by it, in a circle
        _before.append(warnings.formatwarning)
        warnings.formatwarning = _sentence_only


_before: list = []


def _sentence_only(message, category, filename, lineno, line=None) -> str:
    if issubclass(category, LearnerWarning):
        return f"{message}\n"
    return _before[0](message, category, filename, lineno, line)
