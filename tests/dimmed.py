"""What a figure on a dark ground must be: all that could be read on white is read, and nothing glares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from scipy.ndimage import maximum_filter, minimum_filter

from rgteach.plots.theme import GRAPHIC, TEXT, luminance

REACH = 5  # pixels: as far apart as an ink and its ground can be
_TABLE = luminance(np.repeat(np.arange(256)[:, None] / 255, 3, axis=1))


def brightness(pixels: np.ndarray) -> np.ndarray:
    """Relative luminance of pixels (rows, columns, 3) of 8 bits."""
    return _TABLE[pixels] @ np.array([0.2126, 0.7152, 0.0722])


def edges(bright: np.ndarray) -> np.ndarray:
    """The contrast ratio around each pixel."""
    return (maximum_filter(bright, REACH) + 0.05) / (minimum_filter(bright, REACH) + 0.05)


def legible(bright: np.ndarray) -> float:
    """The contrast of letters in a box with what lies behind most of it."""
    behind = float(np.median(bright))
    return max((bright.max() + 0.05) / (behind + 0.05), (behind + 0.05) / (bright.min() + 0.05))


def unread(fig: Figure, before: np.ndarray, after: np.ndarray) -> Iterator[str]:
    """Words that can be read on white, and not on the dark ground."""
    rows, columns = before.shape
    hidden = set(map(id, beyond(fig)))
    for text in fig.findobj(Text):
        if id(text) in hidden or not (text.get_visible() and text.get_text().strip()):
            continue
        box = text.get_window_extent()
        part = np.s_[
            max(0, int(rows - box.y1)) : int(rows - box.y0), max(0, int(box.x0)) : min(columns, int(box.x1))
        ]
        if min(before[part].shape) >= 4 and legible(before[part]) >= TEXT > legible(after[part]) * 1.03:
            yield f"{text.get_text()!r} reaches {legible(after[part]):.1f}:1 on the dark ground"


def beyond(fig: Figure) -> Iterator[Text]:
    """The labels of ticks that lie beyond the ends of their axis, which are not drawn."""
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)


def outside_images(fig: Figure, shape: tuple[int, int]) -> np.ndarray:
    """True where no image lies and none is near: the edge of an image may vanish into either ground."""
    free = np.ones(shape, bool)
    for ax in fig.axes:
        if any(isinstance(one, AxesImage | QuadMesh | ContourSet) for one in ax.get_children()):
            box = ax.get_window_extent().padded(8)
            rows = slice(max(0, int(shape[0] - box.y1)), max(0, int(shape[0] - box.y0)))
            free[rows, max(0, int(box.x0)) : max(0, int(box.x1))] = False
    return free


def trouble(fig: Figure, light: np.ndarray, dark: np.ndarray) -> list[str]:
    """What is wrong with the dark picture of a figure that has just been drawn."""
    before, after = brightness(light), brightness(dark)
    found = list(unread(fig, before, after))
    seen = (edges(before) >= GRAPHIC) & outside_images(fig, before.shape)
    lost = (edges(after)[seen] < 0.85 * GRAPHIC).mean() if seen.any() else 0.0
    if lost > 0.03:
        found.append(f"{lost:.1%} of what stands out on white does not on the dark ground")
    if (glare := ((before > 0.8) & (after > 0.8)).mean()) > 0.05:
        found.append(f"{glare:.1%} of it is as white as before")
    return found
