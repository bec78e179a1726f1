"""From a figure to the page: an HTML picture with a description, small enough for a repository.

JupyterLab drops the `alt` of image outputs, so the picture goes out as HTML: `<img alt=…>` survives in the
saved notebook, on the web and in print.  Figures are made without pyplot, so none is left open.
"""

from __future__ import annotations

import base64
import html
import io
import sys
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rgteach.plots.style import SIZE_IN, style
from rgteach.wording import tag

DPI = 110  # 880 pixels wide: sharp at the width of a notebook, and small
COLOURS_KEPT = 128  # of the palette of a saved picture

_texts: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()


@dataclass(frozen=True)
class Picture:
    """A drawn figure: its PNG bytes and the text for those who cannot see it."""

    png: bytes = field(repr=False)
    alt: str
    width: int = 880

    def to_html(self) -> str:
        """The picture as one `<img>` element that needs no other file."""
        code = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img alt="{html.escape(self.alt)}" lang="{tag()}" width="{self.width}" '
            'style="max-width:100%;height:auto;background:white" '
            f'src="data:image/png;base64,{code}">'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.alt}


def new_axes(n: int = 1, *, size: tuple[float, float] | None = None):
    """A figure in the style of the course with one row of axes.

    Parameters
    ----------
    n : int
        Number of axes side by side.
    size : (width, height) in inches, optional
        8 x 5 for one or two axes; wider for more.

    Returns
    -------
    fig, ax
        For n = 1, else fig and an array of n axes.
    """
    with style():
        fig = Figure(figsize=size or (max(SIZE_IN[0], 4.0 * n), SIZE_IN[1]), layout="constrained")
        FigureCanvasAgg(fig)
        axes = fig.subplots(1, n)
    return fig, axes


def describe(ax: Axes, text: str) -> Axes:
    """Say in words what the axes show, values included; it becomes the picture's `alt` text."""
    _texts[ax] = " ".join(text.split())
    return ax


def alt_text(fig: Figure) -> str:
    """The descriptions of all axes of a figure; where there is none, title and axis names."""
    said = [_texts.get(ax) or _named(ax) for ax in fig.axes if ax in _texts or not _is_colourbar(ax)]
    return " ".join(text for text in said if text)


def picture(fig_or_ax: Figure | Axes) -> Picture:
    """Draw a figure into a small PNG with its description, and let go of it."""
    fig = _figure_of(fig_or_ax)
    with style():
        if not isinstance(fig.canvas, FigureCanvasAgg):
            FigureCanvasAgg(fig)
        fig.set_dpi(DPI)
        fig.canvas.draw()
        pixels = fig.canvas.buffer_rgba()
    shown = Picture(_small_png(pixels), alt_text(fig), round(fig.get_figwidth() * DPI))
    _close(fig)
    return shown


def show(fig_or_ax: Figure | Axes) -> None:
    """Put a figure on the page; outside Jupyter print its description.

    Parameters
    ----------
    fig_or_ax : Figure or Axes
        What to show; it is closed afterwards.
    """
    shown = picture(fig_or_ax)
    if in_notebook():
        from IPython.display import display

        display(shown)
    else:
        print(shown.alt)


def in_notebook() -> bool:
    """Whether outputs go to a notebook rather than to a terminal."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return bool(shell) and hasattr(shell, "kernel")


def _small_png(pixels) -> bytes:
    """A palette PNG: a third of the bytes of full colour, and the same to the eye."""
    from PIL import Image

    image = Image.fromarray(_array(pixels)).convert("RGB")
    image = image.quantize(COLOURS_KEPT, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _array(pixels):
    import numpy as np

    return np.asarray(pixels)


def _figure_of(fig_or_ax: Figure | Axes) -> Figure:
    if isinstance(fig_or_ax, Figure):
        return fig_or_ax
    if hasattr(fig_or_ax, "flat"):  # an array of axes, as new_axes(2) returns
        fig_or_ax = next(iter(fig_or_ax.flat))
    return fig_or_ax.get_figure(root=True)


def _close(fig: Figure) -> None:
    """Forget the figure, also where a learner made it with pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and pyplot.fignum_exists(getattr(fig, "number", -1)):
        pyplot.close(fig)


def _is_colourbar(ax: Axes) -> bool:
    return hasattr(ax, "_colorbar")


def _named(ax: Axes) -> str:
    names = [ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
    return "; ".join(name for name in names if name)
