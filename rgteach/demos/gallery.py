"""All demos on one page: a small picture of each, its lab, its question, and what to write to open it.

Plain HTML, so that it works in a saved notebook, on the web and on paper.  The small pictures have no
background and keep to colours that are seen on white as on black, so one serves both themes.
"""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass

from rgteach.demos.still import spoken
from rgteach.wording import say

SIZE_IN = (3.0, 1.5)
DPI = 110
INK = "#808080"  # at least 3.9 : 1 against white and against JupyterLab's black
_made: dict[str, bytes] = {}


@dataclass(frozen=True)
class Gallery:
    """All demos and their questions, in the order of the course."""

    demos: tuple

    @property
    def names(self) -> list[str]:
        """What to write in rg.demo("…")."""
        return [demo.name for demo in self.demos]

    def __repr__(self) -> str:
        wide = max(map(len, self.names), default=0)
        return "\n".join(
            f"{_lab(demo)}  {_call(demo)}{' ' * (wide - len(demo.name))}  {demo.question}"
            for demo in self.demos
        )

    def _repr_html_(self) -> str:
        cards = "".join(f'<li style="{_CARD}">{_card(demo)}</li>' for demo in self.demos)
        how = f"<p>{html.escape(say('gallery-how', example=_call(self.demos[0])))}</p>" if self.demos else ""
        return spoken(f'{how}<ul style="{_LIST}">{cards}</ul>')


def thumbnail(demo) -> bytes:
    """The small picture of a demo as PNG with a clear background; drawn once in a process.

    Parameters
    ----------
    demo : Demo
        Its recipe draws on one axes without ticks: `thumbnail(ax)`.
    """
    if demo.name not in _made:
        _made[demo.name] = _drawn(demo.recipe)
    return _made[demo.name]


def _drawn(recipe) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from rgteach.plots.style import style

    with style():
        fig = Figure(figsize=SIZE_IN, dpi=DPI, facecolor="none")
        FigureCanvasAgg(fig)
        ax = fig.add_axes((0.02, 0.03, 0.96, 0.94), facecolor="none")
        ax.set_axis_off()
        recipe.thumbnail(ax)
        fig.canvas.draw()
    return _clear_png(fig.canvas.buffer_rgba())


def _clear_png(pixels) -> bytes:
    import numpy as np
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.asarray(pixels)).quantize(64).save(out, format="PNG")
    return out.getvalue()


_LIST = (
    "list-style:none;margin:0;padding:0;display:grid;gap:14px;"
    "grid-template-columns:repeat(auto-fill,minmax(270px,1fr))"
)
_CARD = "margin:0;padding:12px 14px;border:1px solid rgba(128,128,128,.5);border-radius:6px"


def _card(demo) -> str:
    width, height = (round(side * DPI) for side in SIZE_IN)
    code = base64.b64encode(thumbnail(demo)).decode("ascii")
    alt = html.escape(say(f"demo-{demo.name}-thumbnail"), quote=True)
    image = (
        f'<img alt="{alt}" width="{width}" height="{height}" style="width:100%;height:auto;margin:6px 0" '
        f'src="data:image/png;base64,{code}">'
    )
    title = f"<div><b>{html.escape(_lab(demo))} · {html.escape(demo.title)}</b></div>"
    question = f'<p style="margin:4px 0 8px">{html.escape(demo.question)}</p>'
    call = f'<code style="user-select:all">{html.escape(_call(demo))}</code>'
    return f"{title}<div>{image}</div>{question}{call}"


def _lab(demo) -> str:
    return say("gallery-lab", n=f"{demo.lab:02d}")


def _call(demo) -> str:
    return f'rg.demo("{demo.name}")'
