"""Things to play with: a question above, at most three sliders, a picture, and a folded answer below.

The only room that knows sliders.  Each demo is one file with `compute` (arrays), `draw` (axes in, axes out)
and `controls`; `panel.py` is the shell that they share.
"""

from __future__ import annotations

from importlib import import_module

from rgteach.demos.panel import Demo, Gallery
from rgteach.doors import nearest
from rgteach.errors import LearnerError

_FILES = {
    "fdr": "fdr",
    "glcm": "glcm",
    "histogram": "histogram",
    "lasso": "lasso",
    "logistic": "logistic",
    "wilcoxon": "wilcoxon",
}

__all__ = ["Demo", "Gallery", "demo", "names"]


def names() -> list[str]:
    """The names of all demos."""
    return sorted(_FILES)


def demo(name: str | None = None) -> Demo | Gallery:
    """A demo to play with, as the last line of a cell.

    Parameters
    ----------
    name : str, optional
        One of `names()`, such as "glcm"; without a name, the list of demos with their questions.

    Returns
    -------
    Demo or Gallery
        Shows itself in a notebook: with sliders where a front end listens, else as a picture.

    Raises
    ------
    LearnerError
        For an unknown name, with the nearest known one.

    Examples
    --------
    >>> demo("glcm").name
    'glcm'
    """
    if name is None:
        return Gallery(tuple(demo(known) for known in names()))
    if name not in _FILES:
        close = nearest(str(name), names())
        raise LearnerError("unknown-demo", given=name, known=", ".join(names()), nearest=close)
    return Demo(name, import_module(f"rgteach.demos.{_FILES[name]}"))
