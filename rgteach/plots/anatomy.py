"""Slices of a scan as radiologists see them: in gray, with a scale bar, the plane and the sides named."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from rgteach.doors import one_of
from rgteach.errors import LearnerError
from rgteach.plots.outlines import outlines
from rgteach.plots.page import describe
from rgteach.plots.style import ANATOMY, LEVELS, label, style
from rgteach.wording import say

_HALO = [withStroke(linewidth=3, foreground="black")]
_HALO_BAR = [withStroke(linewidth=6, foreground="black")]


@style()
def slice_view(
    ax: Axes,
    image,
    z: int | None = None,
    *,
    mask=None,
    spacing_mm=(1.0, 1.0, 1.0),
    window: tuple[float, float] | None = None,
    title: str | None = None,
    names: dict[int, str] | None = None,
    unit: str | None = None,
    orientation: str | None = "LPS",
) -> Axes:
    """Draw one axial slice of a scan, with the region of interest outlined.

    Parameters
    ----------
    ax : Axes
    image : array, shape (z, y, x) or (y, x)
        Signal.
    z : int, optional
        The slice; by default the one with most of the mask, else the middle one.
    mask : array of bool or int, same shape, optional
        Region to outline; each label of an integer mask gets a colour and a line style of its own.
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx) in mm.
    window : (low, high), optional
        Signal shown as black and as white; by default the 1st and 99.9th percentile of what is not 0.
    title : str, optional
        By default the plane and the number of the slice.
    names : dict, optional
        Name of each label of the mask, for a legend.
    unit : str, optional
        Draw a gray scale with this unit, such as "HU".
    orientation : "LPS", "RAS" or None
        Where the axes x, y, z grow to. "LPS" (left, back, head) is DICOM and all of `rg.cohorts`; "RAS" is
        most NIfTI files. The patient's right side is drawn on the left. None draws no letters.

    Returns
    -------
    ax : Axes
    """
    volume, outline = _stack(image), None if mask is None else _stack(mask)
    if outline is not None and outline.shape != volume.shape:
        raise LearnerError("plot-mask-shape", image=volume.shape, mask=outline.shape)
    z = _chosen(z, volume, outline)
    flat = _turned(volume[z], orientation)
    low, high = window or _window(volume)
    extent = _extent(flat, spacing_mm)
    shown = ax.imshow(flat, cmap=ANATOMY, vmin=low, vmax=high, extent=extent, interpolation="nearest")
    _bare(ax)
    labels = [] if outline is None else outlines(ax, _turned(outline[z], orientation), extent, names)
    _scale_bar(ax, extent)
    _sides(ax, orientation)
    ax.set_title(label("plot-axial-slice", z=z) if title is None else title)
    if unit:
        ax.figure.colorbar(shown, ax=ax, shrink=0.8).set_label(label("plot-signal", unit=unit))
    n_inside = 0 if outline is None else int(np.count_nonzero(outline[z]))
    return describe(ax, _slice_in_words(title, volume, z, spacing_mm, (low, high), unit, n_inside, labels))


@style()
def level_view(
    ax: Axes,
    levels,
    z: int | None = None,
    *,
    n_levels: int | None = None,
    spacing_mm=(1.0, 1.0, 1.0),
    title: str | None = None,
    orientation: str | None = "LPS",
) -> Axes:
    """Draw the gray levels of one slice in colour; what lies outside the VOI stays white.

    Parameters
    ----------
    ax : Axes
    levels : array of int, shape (z, y, x) or (y, x), or the result of `rg.quantise`
        Levels 1..Ng inside the VOI, 0 outside.
    z : int, optional
        The slice; by default the one with most of the VOI.
    n_levels : int, optional
        Ng; by default that of the result, else the highest level.
    spacing_mm, title, orientation
        As in `slice_view`.

    Returns
    -------
    ax : Axes
    """
    spacing_mm = getattr(levels, "spacing_mm", spacing_mm)
    n_levels = n_levels or getattr(levels, "n_levels", None)
    volume = _stack(getattr(levels, "levels", levels))
    n_levels = int(n_levels or volume.max() or 1)
    z = _chosen(z, volume, volume)
    flat = _turned(volume[z], orientation)
    _levels_in_colour(ax, flat, n_levels, _extent(flat, spacing_mm))
    _scale_bar(ax, _extent(flat, spacing_mm), on_white=True)
    _sides(ax, orientation, on_white=True)
    ax.set_title(label("plot-level-slice", z=z, n=n_levels) if title is None else title)
    return describe(ax, _levels_in_words(flat, z, n_levels))


def _levels_in_colour(ax: Axes, flat: np.ndarray, n_levels: int, extent) -> None:
    """One colour a level, nothing where the level is 0, and the scale beside it."""
    colours = colormaps[LEVELS].resampled(n_levels)
    seen = np.ma.masked_equal(flat, 0)
    shown = ax.imshow(
        seen, cmap=colours, vmin=0.5, vmax=n_levels + 0.5, extent=extent, interpolation="nearest"
    )
    _bare(ax)
    bar = ax.figure.colorbar(shown, ax=ax, shrink=0.8, ticks=_level_ticks(n_levels))
    bar.set_label(label("plot-level"))


def _levels_in_words(flat: np.ndarray, z: int, n_levels: int) -> str:
    inside = flat[flat > 0]
    low, high = (int(inside.min()), int(inside.max())) if inside.size else (0, 0)
    used = np.unique(inside).size
    return say("alt-levels", z=z, n=inside.size, n_levels=n_levels, low=low, high=high, used=used)


def _level_ticks(n_levels: int) -> list[int]:
    """At most six whole numbers, the first and the last level among them."""
    if n_levels <= 6:
        return list(range(1, n_levels + 1))
    return sorted({round(1 + k * (n_levels - 1) / 4) for k in range(5)})


def _stack(image) -> np.ndarray:
    image = np.asarray(image)
    if image.ndim not in (2, 3):
        raise LearnerError("plot-dimensions", n=image.ndim, shape=image.shape)
    return image[np.newaxis] if image.ndim == 2 else image


def _chosen(z: int | None, volume: np.ndarray, mask: np.ndarray | None) -> int:
    """The slice asked for; if none is, the one with most of the mask, else the middle one."""
    if z is not None:
        if not 0 <= z < len(volume):
            raise LearnerError("plot-no-slice", z=z, last=len(volume) - 1)
        return int(z)
    if mask is None or not np.any(mask):
        return len(volume) // 2
    return int(np.count_nonzero(mask, axis=(1, 2)).argmax())


def _turned(flat: np.ndarray, orientation: str | None) -> np.ndarray:
    """Row 0 in front and column 0 on the patient's right, whatever way the array runs."""
    if orientation is not None:
        one_of("orientation", orientation, ("LPS", "RAS"))
    return flat[::-1, ::-1] if orientation == "RAS" else flat


def _window(volume: np.ndarray) -> tuple[float, float]:
    thin = volume[:: max(1, volume.shape[0] // 16)]
    seen = thin[np.isfinite(thin) & (thin != 0)]
    if seen.size == 0:
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(seen, (1, 99.9)))
    return (min(low, 0.0) if low < high / 3 else low * 0.5, high) if high > low else (low - 0.5, low + 0.5)


def _extent(flat: np.ndarray, spacing_mm) -> tuple[float, float, float, float]:
    """Left, right, bottom, top in mm, from the upper left corner."""
    _, dy, dx = spacing_mm
    return 0.0, flat.shape[1] * dx, flat.shape[0] * dy, 0.0


def _bare(ax: Axes) -> None:
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def _scale_bar(ax: Axes, extent, on_white: bool = False) -> None:
    """A bar of a round number of millimetres in the lower left corner."""
    width, height = extent[1], extent[2]
    length = max((mm for mm in (1, 2, 5, 10, 20, 50, 100) if mm <= width / 3), default=width / 3)
    x, y = 0.04 * width, 0.95 * height
    ink, halo, halo_bar = ("black", None, None) if on_white else ("white", _HALO, _HALO_BAR)
    ax.plot([x, x + length], [y, y], color=ink, linewidth=4, solid_capstyle="butt", path_effects=halo_bar)
    middle, above = x + length / 2, y - 0.02 * height
    ax.text(middle, above, f"{length:g} mm", color=ink, ha="center", va="bottom", path_effects=halo)


def _sides(ax: Axes, orientation: str | None, on_white: bool = False) -> None:
    """R, L, A and P at the edges: right, left, front (anterior), back (posterior)."""
    if orientation is None:
        return
    ink, halo = ("black", None) if on_white else ("white", _HALO)
    for text, x, y, ha, va in (
        ("R", 0.01, 0.5, "left", "center"),
        ("L", 0.99, 0.5, "right", "center"),
        ("A", 0.5, 0.99, "center", "top"),
        ("P", 0.5, 0.01, "center", "bottom"),
    ):
        ax.text(x, y, text, transform=ax.transAxes, color=ink, ha=ha, va=va, path_effects=halo)


def _slice_in_words(title, volume, z, spacing_mm, window, unit, n_inside, labels) -> str:
    n_z, n_y, n_x = volume.shape
    said = say(
        "alt-slice",
        z=z,
        n_z=n_z,
        n_y=n_y,
        n_x=n_x,
        dy=f"{spacing_mm[1]:.3g}",
        dx=f"{spacing_mm[2]:.3g}",
        low=f"{window[0]:.4g}",
        high=f"{window[1]:.4g}",
        unit=f" {unit}" if unit else "",
    )
    if title:
        said = say("alt-titled", title=title, text=said)
    if n_inside:
        said += say("alt-slice-region", n=n_inside)
    if labels:
        said += say("alt-slice-parts", parts=say("word-between").join(labels))
    return said
