"""Regions that are painted for you: the parts that come with an image, a disc and a square for any image."""

from __future__ import annotations

import numpy as np

from rgteach.demos.painter.sources import Source
from rgteach.wording import say

DRAWN = ("disc", "square")
SHARE = 0.18  # half the side of what is drawn, of the shorter side of what is not background
WINDOW_PERCENTILES = (1, 99.9)
LUNG_TO_BONE = (-160.0, 240.0)  # soft tissue in HU


def offered(source: Source) -> list[dict[str, str]]:
    """Name and label of every preset of an image."""
    names = [name for name, mask in source.parts.items() if mask.any()] + list(DRAWN)
    return [{"name": name, "label": say(f"painter-preset-{name}")} for name in names]


def preset(source: Source, name: str, z: int) -> dict[int, np.ndarray]:
    """What a preset paints: for each slice that it touches the mask (y, x) in the axes of the file.

    Parameters
    ----------
    source : Source
    name : str
        One of `offered`.  Parts of an image reach over all its slices; a disc and a square lie on the slice
        shown, in the middle of what is not background.
    z : int
        The slice shown.
    """
    if name in source.parts:
        part = source.parts[name]
        return dict(enumerate(part))
    flat = np.asarray(source.image[z])
    y, x, half = _middle(flat, source.spacing_mm)
    rows, columns = np.indices(flat.shape)
    down, across = (rows - y) * source.spacing_mm[1], (columns - x) * source.spacing_mm[2]
    far = np.hypot(down, across) if name == "disc" else np.maximum(np.abs(down), np.abs(across))
    return {z: far <= half}


def _middle(flat: np.ndarray, spacing_mm) -> tuple[float, float, float]:
    """Row and column of the middle of what is not background, and half a side in mm."""
    values = np.nan_to_num(flat.astype(float), nan=0.0, posinf=0.0, neginf=0.0)
    seen = values > values.min() + 0.1 * (values.max() - values.min())
    if not seen.any():
        seen[:] = True
    places = [np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0)]
    y, x = (float(at[0] + at[-1]) / 2 for at in places)
    sizes = [(at[-1] - at[0] + 1) * mm for at, mm in zip(places, spacing_mm[1:], strict=True)]
    return y, x, max(SHARE * min(sizes), 1.5 * max(spacing_mm[1:]))


def first_slice(source: Source, mask: np.ndarray | None = None) -> int:
    """The slice to open with: most of the mask, else most of the tumour, else the middle."""
    shown = mask if mask is not None and mask.any() else source.parts.get("tumour")
    if shown is None or not shown.any():
        return len(source.image) // 2
    return int(np.count_nonzero(shown, axis=(1, 2)).argmax())


def first_window(source: Source, span: tuple[float, float]) -> list[float]:
    """Signal shown as black and as white: soft tissue in HU, else percentiles of what is not background."""
    low, high = span
    if source.unit == "HU" and low < LUNG_TO_BONE[0] < LUNG_TO_BONE[1] < high:
        return list(LUNG_TO_BONE)
    thin = source.image[:: max(1, len(source.image) // 16)]
    seen = thin[np.isfinite(thin) & (thin != 0)]
    if seen.size:
        darkest, brightest = (float(v) for v in np.percentile(seen, WINDOW_PERCENTILES))
        low, high = (min(low, 0.0) if low == 0 else darkest, brightest) if darkest < brightest else span
    return [low, high]
