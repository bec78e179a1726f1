"""What holds for every drawing of `rgteach.plots`, in both languages."""

from __future__ import annotations

import re
import warnings

import numpy as np
from drawings import made
from matplotlib.figure import Figure

import rgteach as rg
from rgteach.plots import page
from rgteach.plots.style import style


def drawn(name: str, lang: str, *, laid_out: bool = True) -> tuple[Figure, np.ndarray]:
    """An example and its light picture, drawn without a warning.

    To lay the figure out takes most of the time, and no warning of a font waits there.
    """
    rg.setup(lang)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = made(name)
        fig.set_dpi(page.DPI)
        if not laid_out:
            fig.set_layout_engine("none")
        with style():
            return fig, page._light(fig)


def darkened(fig: Figure, light: np.ndarray) -> np.ndarray:
    """The dark picture of a figure that has just been drawn, as a browser shows it."""
    with style(), page._settled(fig):
        joined = page.raster.join(light, page._dark(fig))
    return page.raster.part(joined)[1]


def check_words(fig: Figure, lang: str) -> None:
    """A figure is described in words of its language."""
    said = page.alt_text(fig)
    assert len(said) > 20
    assert not re.search(r"\bnan\b", said)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said) == (lang == "zh")
