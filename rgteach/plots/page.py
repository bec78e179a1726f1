"""From a figure to the page: an HTML picture with a description, small enough for a repository.

JupyterLab drops the `alt` of image outputs, so the picture goes out as HTML: `<img alt=…>` survives in the
saved notebook, on the web and in print.  One `<img>` holds the figure for light and for dark pages; it
follows the colour scheme of the page (`color-scheme` in CSS, which JupyterLab sets with its theme), also in a
notebook that is not trusted and may bring no style of its own.  Figures are made without pyplot, so none is
left open.
"""

from __future__ import annotations

import html
import io
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rgteach.doors import one_of
from rgteach.plots import raster
from rgteach.plots.style import SIZE_IN, number, style
from rgteach.plots.theme import GROUND, WHITE, luminance
from rgteach.wording import tag

DPI = 110  # 880 pixels wide: sharp at the width of a notebook, and small
THEMES = ("both", "light", "dark")
# Light is right where nobody says anything (exported pages, nbviewer) and on paper; JupyterLab, Voilà, VS
# Code and Colab each say in their own way that they are dark.  A page with a `color-scheme` does without.
RULE = (
    "img.rgteach-picture{color-scheme:light}"
    'body[data-jp-theme-light="false"] img.rgteach-picture,body.theme-dark img.rgteach-picture,'
    "body.vscode-dark img.rgteach-picture,"
    "body.vscode-high-contrast:not(.vscode-high-contrast-light) img.rgteach-picture,"
    'html[theme="dark"] img.rgteach-picture{color-scheme:dark}'
    "@media print{img.rgteach-picture{color-scheme:light!important}}"
)

_texts: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()


@dataclass(frozen=True)
class Picture:
    """A drawn figure and the text for those who cannot see it.

    Attributes
    ----------
    data : bytes
        A WebP or PNG file; for the theme "both" the file that `raster.join` describes.
    alt : str
        What the figure shows, in words.
    width, height : int
        Pixels.
    theme : "both", "light" or "dark"
        On which pages it can be shown.
    kind : "webp" or "png"
        What `data` is.
    """

    data: bytes = field(repr=False)
    alt: str
    width: int = 880
    height: int = 550
    theme: str = "both"
    kind: str = "png"

    @property
    def png(self) -> bytes:
        """The picture as a PNG file, the light one of two: for mail, slides and paper."""
        from PIL import Image

        with Image.open(io.BytesIO(self.data)) as image:
            pixels = np.asarray(image.convert("RGBA"))
        light = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
        out = io.BytesIO()
        light.quantize(256, dither=Image.Dither.NONE).save(out, format="PNG", optimize=True)
        return out.getvalue()

    def address(self) -> str:
        """The picture as the `src` of an image, which needs no other file."""
        if self.theme == "both":
            return raster.themed_address(self.kind, self.data, self.width, self.height)
        return raster.address(self.kind, self.data)

    def to_html(self, *, rule: bool = True) -> str:
        """The picture as one `<img>` element that needs no other file.

        Parameters
        ----------
        rule : bool
            Add a `<style>` that tells the picture which pages are dark.  A page that has a `color-scheme`
            for all its parts does not need it.
        """
        image = (
            f'<img alt="{html.escape(self.alt)}" lang="{tag()}" width="{self.width}" class="rgteach-picture" '
            f'style="max-width:100%;height:auto" src="{self.address()}">'
        )
        return f"{image}<style>{RULE}</style>" if rule and self.theme == "both" else image

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
        for ax in fig.axes:
            number(ax.xaxis)
            number(ax.yaxis)
    return fig, axes


def describe(ax: Axes, text: str) -> Axes:
    """Say in words what the axes show, values included; it becomes the picture's `alt` text."""
    _texts[ax] = " ".join(text.split())
    return ax


def alt_text(fig: Figure) -> str:
    """The descriptions of all axes of a figure; where there is none, title and axis names."""
    said = [_texts.get(ax) or _named(ax) for ax in fig.axes if ax in _texts or not _is_colourbar(ax)]
    return " ".join(text for text in said if text)


def picture(
    fig_or_ax: Figure | Axes,
    *,
    theme: str = "both",
    quick: bool | None = None,
    pixels: np.ndarray | None = None,
) -> Picture:
    """Draw a figure into a small picture with its description, and let go of it.

    Parameters
    ----------
    fig_or_ax : Figure or Axes
        What to draw.
    theme : "both", "light" or "dark"
        "both" follows the page it stands on; one alone is drawn in half the time.
    quick : bool, optional
        Spend a tenth of the time on making the file small, for a picture that will soon be replaced; by
        default where one theme alone is drawn.
    pixels : array of uint8, shape (rows, columns, 3 or 4), optional
        What `drawn` gave for this figure and this theme, not to draw it once more.
    """
    fig = _figure_of(fig_or_ax)
    if pixels is None:
        pixels = drawn(fig, theme)
    kind, data = raster.encode(pixels, quick=theme != "both" if quick is None else quick)
    height, width = pixels.shape[:2]
    shown = Picture(data, alt_text(fig), width, height, theme, kind)
    _close(fig)
    return shown


def drawn(fig: Figure, theme: str = "both") -> np.ndarray:
    """The pixels of a figure (rows, columns, 3); for "both" with a fourth channel, see `raster.join`."""
    one_of("theme", theme, THEMES)
    with style():
        if not isinstance(fig.canvas, FigureCanvasAgg):
            FigureCanvasAgg(fig)
        fig.set_dpi(DPI)
        return _both(fig) if theme == "both" else _dark(fig) if theme == "dark" else _light(fig)


def _both(fig: Figure) -> np.ndarray:
    """Four channels: the figure on white, and the step from there to the figure on a dark ground."""
    light = _light(fig)
    with _settled(fig):
        return raster.join(light, _dark(fig))


def _light(fig: Figure) -> np.ndarray:
    fig.canvas.draw()
    return _on(np.asarray(fig.canvas.buffer_rgba()), WHITE)


def _dark(fig: Figure) -> np.ndarray:
    """The figure on a dark ground; one that was made dark is left as it is."""
    from rgteach.plots.dark import DarkRenderer, marked

    red, green, blue, alpha = fig.get_facecolor()
    if alpha > 0.5 and luminance((red, green, blue)) < 0.2:
        return _light(fig)
    plain = fig.canvas.get_renderer()  # of the very same size, however that was rounded
    renderer = DarkRenderer(plain.width, plain.height, fig.dpi)
    with marked(fig, renderer):
        fig.draw(renderer)
    return _on(np.asarray(renderer.buffer_rgba()), GROUND)


@contextmanager
def _settled(fig: Figure):
    """The parts of a figure stay where they were drawn: to lay them out again takes as long as to draw."""
    engine = fig.get_layout_engine()
    if engine is not None:
        fig.set_layout_engine("none")
    try:
        yield
    finally:
        if engine is not None:
            fig.set_layout_engine(engine)


def _on(pixels: np.ndarray, ground: tuple[float, float, float]) -> np.ndarray:
    """What is seen where pixels (…, 4) that may be clear lie on a ground."""
    if pixels[..., 3].min() == 255:
        return np.ascontiguousarray(pixels[..., :3])
    opaque = pixels[..., 3:] / 255
    seen = pixels[..., :3] * opaque + 255 * np.array(ground) * (1 - opaque)
    return np.rint(seen).astype(np.uint8)


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
