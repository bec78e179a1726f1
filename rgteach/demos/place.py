"""Room for letters around the axes of a live picture, measured once and kept while sliders move.

matplotlib's constrained layout measures every letter four times and starts anew for each figure, so that the
axes jump when a number gets a digit more.  A demo has one row of axes; here each is measured once, and room
that has been enough stays as it is, so that only what a slider changes moves before the eyes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogFormatter, NullFormatter, ScalarFormatter
from matplotlib.transforms import Bbox

PAD_PX = 6.0  # around the figure and between neighbours
SLACK_PX = 24.0  # room that is kept although it is not needed now
TRIES = 4
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_room: dict[object, np.ndarray] = {}


def settle(fig: Figure, axes: Sequence[Axes], key: object) -> None:
    """Give axes side by side the room that their letters need.

    Parameters
    ----------
    fig : Figure
        Its resolution is set; its layout engine is taken away.
    axes : sequence of Axes
        One row, from left to right; colour bars go with the axes that they belong to.
    key : hashable
        Figures of one key share their room, such as those of one demo in one language.
    """
    fig.set_layout_engine("none")
    for ax in fig.axes:
        _plain_ticks(ax)
    groups = [[ax, *(bar for bar in fig.axes if _parent(bar) is ax)] for ax in axes]
    if key in _room:
        _place(fig, groups, _room[key])
    for turn in range(TRIES):  # other room can mean other numbers at the axes, and these other room
        needed = _needed(fig, groups)
        known = _room.get(key, needed - 2 * SLACK_PX)
        spare = (needed < known - SLACK_PX) & (turn == 0)  # later it only grows, so that it comes to rest
        if not spare.any() and (needed <= known + 1).all():
            break
        _room[key] = np.where(spare, needed, np.maximum(needed, known))
        _place(fig, groups, _room[key])


def _parent(bar: Axes) -> Axes | None:
    """The axes that a colour bar belongs to."""
    shown = getattr(getattr(bar, "_colorbar", None), "mappable", None)
    return getattr(shown, "axes", None)


def _needed(fig: Figure, groups: list[list[Axes]]) -> np.ndarray:
    """Pixels left, right, below and above each group's axes that its letters take, shape (groups, 4)."""
    renderer = fig.canvas.get_renderer()
    rows = []
    for group in groups:
        whole = Bbox.union([ax.get_tightbbox(renderer, for_layout_only=True) for ax in group])
        inner = Bbox.union([ax.get_window_extent(renderer) for ax in group])
        rows.append((inner.x0 - whole.x0, whole.x1 - inner.x1, inner.y0 - whole.y0, whole.y1 - inner.y1))
    return np.maximum(rows, 0)


def _place(fig: Figure, groups: list[list[Axes]], room: np.ndarray) -> None:
    """Equal widths for all, one height, what belongs together moved together."""
    width, height = fig.bbox.size
    left, right, below, above = room.T
    each = (width - left.sum() - right.sum() - PAD_PX * (len(groups) + 1)) / len(groups)
    bottom, top = below.max() + PAD_PX, height - above.max() - PAD_PX
    x = 0.0
    for k, group in enumerate(groups):
        x += PAD_PX + left[k]
        _move(group, Bbox.from_extents(x / width, bottom / height, (x + each) / width, top / height))
        x += each + right[k]


def _move(group: list[Axes], frame: Bbox) -> None:
    """Put a group into a frame, each part where it was in the group before."""
    old = [ax.get_position(original=True) for ax in group]
    whole = Bbox.union(old)
    for ax, box in zip(group, old, strict=True):
        x = frame.x0 + (box.intervalx - whole.x0) / whole.width * frame.width
        y = frame.y0 + (box.intervaly - whole.y0) / whole.height * frame.height
        ax.set_position(Bbox.from_extents(x[0], y[0], x[1], y[1]))


def _plain_ticks(ax: Axes) -> None:
    """Numbers as plain letters: setting each as a formula takes longer than all of the drawing."""
    for axis in (ax.xaxis, ax.yaxis):
        form = axis.get_major_formatter()
        if isinstance(form, LogFormatter):
            axis.set_major_formatter(FuncFormatter(_power))
            axis.set_minor_formatter(NullFormatter())
        elif isinstance(form, ScalarFormatter):
            form.set_useMathText(False)


def _power(value: float, _place: int | None = None) -> str:
    """A power of ten as it is written by hand; small ones and whole ones as they are."""
    exponent = np.log10(value) if value > 0 else np.nan
    if not np.isclose(exponent, round(exponent)) or -2 <= exponent <= 3:
        return f"{value:g}"
    return "10" + str(round(exponent)).translate(SUPERSCRIPT)
