"""Room for letters around the axes of a live picture, measured once and kept while sliders move.

matplotlib's constrained layout measures every letter four times and starts anew for each figure, so that the
axes jump when a number gets a digit more.  A demo has one row of axes; here each is measured once, and room
that has been enough stays as it is, so that only what a slider changes moves before the eyes.  To measure
takes a third of the time of a picture, so while sliders move it is the drawn picture that is looked at:
letters that leave their room stand where there should be nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogFormatter, NullFormatter, ScalarFormatter
from matplotlib.transforms import Bbox

PAD_PX = 6.0  # around the figure and between neighbours
SLACK_PX = 40.0  # room that is kept although it is not needed now
BARE_PX = SLACK_PX + 6.0  # so much of it bare is worth measuring again
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
    groups = _groups(fig, axes)
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


def put(fig: Figure, axes: Sequence[Axes], key: object) -> bool:
    """Give axes the room that was enough for others of their key; False where there were none.

    `settle` says what the parameters are.  Whether it is enough for these, `fits` tells when they are drawn.
    """
    if key not in _room:
        return False
    fig.set_layout_engine("none")
    for ax in fig.axes:
        _plain_ticks(ax)
    _place(fig, _groups(fig, axes), _room[key])
    return True


def fits(pixels: np.ndarray, fig: Figure, axes: Sequence[Axes], key: object) -> bool:
    """Whether what was drawn after `put` stays in its room, and leaves no side of it empty.

    Parameters
    ----------
    pixels : array of uint8, shape (rows, columns, 3)
        The whole figure, as it was drawn.
    fig, axes, key
        As given to `put`.
    """
    inked = (pixels != pixels[0, 0]).any(axis=-1)
    columns, rows = inked.any(axis=0), inked.any(axis=1)[::-1]
    width, height = fig.bbox.size
    lines = _lines(width, _room[key].T)
    gaps = [(columns, x - PAD_PX) for x in lines[:, 0]] + [(columns, lines[-1, 3])]
    gaps += [(rows, 0.0), (rows, height - PAD_PX)]
    if any(_inked(line, start, PAD_PX) for line, start in gaps):
        return False
    return all(
        _inked(columns if across else rows, start, BARE_PX)
        for across, start, wide in _sides(fig, axes, _room[key])
        if wide > BARE_PX
    )


def _sides(fig: Figure, axes: Sequence[Axes], room: np.ndarray) -> Iterator[tuple[bool, float, float]]:
    """The outermost stretch of each room: whether of columns, where it begins, how wide the room is.

    Axes of a fixed shape are smaller than their frame, and their letters go with them.
    """
    boxes = [Bbox.union([ax.get_position() for ax in group]) for group in _groups(fig, axes)]
    width, height = fig.bbox.size
    for box, (left, right, *_) in zip(boxes, room, strict=True):
        yield True, box.x0 * width - left, left
        yield True, box.x1 * width + right - BARE_PX, right
    ends = [(box.y0 * height, box.y1 * height, *side[2:]) for box, side in zip(boxes, room, strict=True)]
    yield False, *min((y0 - below, below) for y0, _, below, _ in ends)
    yield False, *max((y1 + above - BARE_PX, above) for _, y1, _, above in ends)


def _inked(line: np.ndarray, start: float, length: float) -> bool:
    """Whether anything was drawn on a stretch of rows or columns, its own ends left out."""
    return bool(line[int(np.ceil(start)) + 1 : int(start + length) - 1].any())


def _groups(fig: Figure, axes: Sequence[Axes]) -> list[list[Axes]]:
    """Each of the axes with the colour bars that belong to it."""
    return [[ax, *(bar for bar in fig.axes if _parent(bar) is ax)] for ax in axes]


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
    below, above = room[:, 2:].max(axis=0)
    y0, y1 = (below + PAD_PX) / height, (height - above - PAD_PX) / height
    for group, (_, x0, x1, _) in zip(groups, _lines(width, room.T) / width, strict=True):
        _move(group, Bbox.from_extents(x0, y0, x1, y1))


def _lines(width: float, room: np.ndarray) -> np.ndarray:
    """Where the room of each group begins, its axes begin, its axes end, its room ends; shape (groups, 4)."""
    left, right = room[:2]
    n = len(left)
    each = (width - left.sum() - right.sum() - PAD_PX * (n + 1)) / n
    begins = PAD_PX + np.concatenate([[0.0], np.cumsum(left + each + right + PAD_PX)[:-1]])
    return np.column_stack([begins, begins + left, begins + left + each, begins + left + each + right])


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
