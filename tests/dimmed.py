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

from rgteach.plots.theme import GRAPHIC, TEXT, is_neutral, is_tint, luminance

REACH = 5  # pixels: as far apart as an ink and its ground can be
OFTEN = 0.001  # share of the pixels that makes a colour one that was chosen, and not the rim of a letter
APART, STILL_APART = 20.0, 12.0  # CIE 1976 colour difference: told apart on white, and at least on dark
# What an eye without one kind of cones sees, in linear RGB (Machado et al. 2009, doi:10.1109/TVCG.2009.113)
EYES = np.array(
    [
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
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


def lost(bright: np.ndarray, seen: np.ndarray) -> float:
    """The share of what is seen on white that stands out from nothing near it on the dark ground."""
    if not seen.any():
        return 0.0
    out = edges(bright) >= 0.85 * GRAPHIC
    if out[seen].mean() < 0.97:  # a rim that is as bright as what it encloses is seen from outside
        out = maximum_filter(out, REACH)
    return float(1 - out[seen].mean())


def apart(colours: np.ndarray) -> np.ndarray:
    """How far colours (n, 3) of 8 bits lie apart (n, n), for the eye that tells them apart worst."""
    rgb = colours / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ EYES.transpose(0, 2, 1), 0, 1) @ _XYZ.T / _XYZ.sum(axis=1)
    f = np.where(seen > 216 / 24389, np.cbrt(seen), (24389 / 27 * seen + 16) / 116)
    lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    return np.linalg.norm(lab[:, :, None] - lab[:, None], axis=-1).min(axis=0)


def confused(light: np.ndarray, dark: np.ndarray) -> Iterator[str]:
    """Colours that any eye tells apart on white, and some eye does not on the dark ground."""
    both = np.dstack([light, dark])[::2, ::2].reshape(-1, 6).astype(np.int64)
    packed, counts = np.unique(both @ (1 << np.arange(0, 48, 8)), return_counts=True)
    found = packed[counts >= OFTEN * len(both)][:, None] >> np.arange(0, 48, 8) & 255
    before, after = apart(found[:, :3]), apart(found[:, 3:])
    rgb = [tuple(one / 255) for one in found[:, :3]]
    plain = np.array([is_neutral(one) or luminance(one) < 0.01 for one in rgb], bool)
    faint = plain | np.array([is_tint(one) for one in rgb], bool)
    named = ~((plain[:, None] & faint) | (faint[:, None] & plain))  # black, white and veils are no names
    for i, j in np.argwhere(np.triu(named & (before >= APART) & (after < STILL_APART))):
        yield f"{found[i].tolist()} and {found[j].tolist()} lie {after[i, j]:.0f} apart on the dark ground"


def trouble(fig: Figure, light: np.ndarray, dark: np.ndarray) -> list[str]:
    """What is wrong with the dark picture of a figure that has just been drawn."""
    before, after = brightness(light), brightness(dark)
    found = [*unread(fig, before, after), *confused(light, dark)]
    seen = (edges(before) >= GRAPHIC) & outside_images(fig, before.shape)
    if (share := lost(after, seen)) > 0.03:
        found.append(f"{share:.1%} of what stands out on white does not on the dark ground")
    if (glare := ((before > 0.8) & (after > 0.8)).mean()) > 0.05:
        found.append(f"{glare:.1%} of it is as white as before")
    return found
