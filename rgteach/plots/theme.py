"""Light and dark: which ink and which ground take each other's place, and which colours stay.

Black on white becomes light on dark: every gray keeps its contrast to the ground, so what was faint stays
faint.  A colour that means something stays as it is (Okabe and Ito's reach 3:1 on both grounds); one too dark
to be seen on the dark ground is lifted, a pale tint meant as a ground is lowered.  Each change is the same
step in red, green and blue: hue stays, and one channel is enough to keep the dark picture (`raster.py`).
"""

from __future__ import annotations

from functools import lru_cache
from math import log

import numpy as np

WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
GROUND = (17 / 255,) * 3  # what JupyterLab's dark theme lays behind an output, #111111
INK = (238 / 255,) * 3
GRAPHIC, TEXT = 3.0, 4.5  # least contrast of a line or a mark, and of a letter (WCAG 2.2, 1.4.11 and 1.4.3)
_NEUTRAL = 0.06  # largest difference of the channels of a gray
_FAINT = 1.5  # contrast of a veil with its ground
_TINT = 0.36  # and of a tint: paler than this, it is meant as a ground


def luminance(rgb) -> np.ndarray:
    """Relative luminance of colours (…, 3) between 0 and 1, as WCAG 2.2 defines it."""
    rgb = np.asarray(rgb, float)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one, other) -> np.ndarray:
    """Contrast ratio of two colours (…, 3), from 1 to 21."""
    a, b = luminance(one), luminance(other)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def is_neutral(rgb) -> bool:
    """Whether a colour is black, white or a gray between."""
    return max(rgb[:3]) - min(rgb[:3]) <= _NEUTRAL


@lru_cache(maxsize=1024)
def on_dark(
    rgb: tuple[float, float, float], least: float = GRAPHIC, alpha: float = 1.0
) -> tuple[float, float, float]:
    """The colour that stands on the dark ground for one that stood on white.

    Parameters
    ----------
    rgb : tuple of float
        Red, green and blue between 0 and 1.
    least : float
        Contrast with the dark ground that a colour must reach, if it had as much on white.
    alpha : float
        How opaque it is painted: what shines through from white is lost on the dark ground.
    """
    if is_neutral(rgb) or is_tint(rgb):
        pale = float(contrast(rgb, WHITE))
        wanted = pale ** (log(float(contrast(INK, GROUND))) / log(21))
        return _stepped(rgb, max(wanted, min(least, pale)), 1.0)
    before = float(contrast(_over(rgb, WHITE, alpha), WHITE))
    after = float(contrast(_over(rgb, GROUND, alpha), GROUND))
    # Half a colour seems weaker on dark than the same contrast on white does: a mark gets more, a veil not.
    wanted = min(least, before if before < _FAINT or alpha == 1 else before**1.5)
    if after < wanted:
        return _stepped(rgb, wanted, alpha)
    if alpha < 1 and before < _FAINT and after > 1.2 * before:  # a band behind others stays behind
        return _stepped(rgb, 1.1 * before, alpha)
    return rgb


def is_tint(rgb) -> bool:
    """Whether a colour is so pale that it is meant as a ground."""
    return float(contrast(rgb, WHITE)) < 2 and max(rgb[:3]) - min(rgb[:3]) <= _TINT


def _over(rgb, ground, alpha: float) -> np.ndarray:
    return alpha * np.asarray(rgb) + (1 - alpha) * np.asarray(ground)


def _stepped(rgb, wanted: float, alpha: float) -> tuple[float, float, float]:
    """The same step in every channel, until the contrast with the dark ground is the one wanted."""
    low, high = -1.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        seen = _over(np.clip(np.add(rgb, middle), 0, 1), GROUND, alpha)
        enough = luminance(seen) + 0.05 >= wanted * (luminance(GROUND) + 0.05)
        low, high = (low, middle) if enough else (middle, high)
    if is_neutral(rgb):
        gray = round(float(np.clip(np.mean(rgb) + high, 0, 1)) * 255) / 255
        return (gray, gray, gray)
    return tuple(float(v) for v in np.clip(np.add(rgb, high), 0, 1))
