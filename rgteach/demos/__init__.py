"""Things to play with: a question above, at most three sliders, a picture, and a folded answer below.

The only room that knows sliders.  Each demo is one file (a recipe) with

    compute(**settings) -> view     arrays only; `view.features` holds its numbers
    draw(axes, view) -> axes        on `N_AXES` axes
    rows(view) -> header, rows      the table under the picture
    controls() -> controls          at most three
    thumbnail(ax) -> ax             a small picture without letters for the gallery, cheap to draw

and with the words demo-NAME-title, -question, -answer, -notes (one talking point a line) and -thumbnail.
A recipe that shows itself in its own way names its kind of Demo as `KIND`.
"""

from __future__ import annotations

from importlib import import_module

from rgteach.demos.gallery import Gallery
from rgteach.demos.panel import Demo
from rgteach.doors import nearest
from rgteach.errors import LearnerError

_LABS = {  # in the order of the course
    "histogram": 1,
    "glcm": 2,
    "painter": 2,
    "tpm": 3,
    "wilcoxon": 4,
    "logistic": 5,
    "fdr": 6,
    "lasso": 7,
}

__all__ = ["Demo", "Gallery", "demo", "names"]


def names(lab: int | None = None) -> list[str]:
    """The names of all demos in the order of the course, or of those of one lab.

    Examples
    --------
    >>> names(lab=6)
    ['fdr']
    """
    return [name for name, number in _LABS.items() if lab in (None, number)]


def demo(name: str | None = None) -> Demo | Gallery:
    """A demo to play with, as the last line of a cell.

    Parameters
    ----------
    name : str, optional
        One of `names()`, such as "glcm"; without a name the gallery: every demo with a small picture, its
        lab and its question.

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
    >>> demo("glcm").lab
    2
    """
    if name is None:
        return Gallery(tuple(demo(known) for known in names()))
    if name not in _LABS:
        close = nearest(str(name), names())
        raise LearnerError("unknown-demo", given=name, known=", ".join(names()), nearest=close)
    recipe = import_module(f"rgteach.demos.{name}")
    return getattr(recipe, "KIND", Demo)(name, recipe, _LABS[name])
