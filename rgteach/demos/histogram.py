"""Histogram explorer: bins, window and units of a tumour's FLAIR signal, and which features move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control, digits
from rgteach.wording import say

N_AXES = 2
PATIENT = 1
BINS = tuple(("count", n) for n in (4, 8, 16, 32, 64)) + tuple(("width", n) for n in (100, 50, 25, 10))
OPENING_BINS = ("count", 32)
CHANGES = ((0.5, 0), (1, 0), (1, 300), (2, 0), (2, 300), (-1, 1500))  # a and b of a·x + b
LEAST_KEPT = 10  # per cent of the voxels that stay inside the narrowest window
SHOWN = ("mean", "variance", "skewness", "kurtosis",
         "ih_mean", "ih_variance", "ih_skewness", "ih_kurtosis", "ih_entropy", "ih_uniformity")  # fmt: skip


@dataclass(frozen=True)
class View:
    """The tumour's intensities before and after the change of units, their bins, and the features."""

    image: np.ndarray
    z: int
    kept: np.ndarray
    before: np.ndarray
    values: np.ndarray
    edges: np.ndarray
    counts: np.ndarray
    features: dict[str, float]
    opening: dict[str, float]
    change: tuple[float, float]


def compute(bins, window, change) -> View:
    """Arrays: keep the voxels of a window, change units, sort into bins, take the features."""
    image, tumour, spacing_mm = _patient()
    kept = _inside_window(image, tumour, window)
    a, b = change
    levels, features = _measure(a * image + b, kept, spacing_mm, bins)
    _, opening = _measure(image, tumour, spacing_mm, OPENING_BINS)
    values = a * image[kept] + b
    z = int(np.count_nonzero(tumour, axis=(1, 2)).argmax())
    return View(image, z, kept, image[tumour], values, levels.edges, levels.counts, features, opening, change)


def draw(axes, view: View):
    """Draw the slice with the voxels in use, and their histogram over the one of the opening view."""
    from rgteach.plots.anatomy import slice_view
    from rgteach.plots.style import label, style

    with style():
        slice_view(axes[0], view.image, view.z, mask=view.kept, title=label("demo-histogram-slice"))
        _histogram(axes[1], view)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: each feature as it was, as it is, and whether it moved."""
    header = tuple(say(f"demo-histogram-{name}") for name in ("feature", "opening", "now", "moved"))
    table = []
    for name in SHOWN:
        was, now = view.opening[name], view.features[name]
        mark = say("demo-same" if np.isclose(was, now, rtol=1e-6, atol=1e-9) else "demo-moved")
        table.append((say(f"demo-feature-{name}"), digits(was), digits(now), mark))
    return header, table


def controls() -> tuple[Control, ...]:
    """Bins, window and units."""
    return (
        Control("bins", BINS, OPENING_BINS, lambda b: say(f"demo-histogram-bins-{b[0]}", n=b[1])),
        Control("window", tuple(range(0, 101, 10)), (0, 100), lambda percent: f"{percent} %"),
        Control("change", CHANGES, (1, 0), _formula),
    )


def thumbnail(ax: Axes) -> Axes:
    """Two histograms of the same values, one pushed aside."""
    from rgteach.plots.style import COLOURS

    values = np.random.default_rng(1).gamma(6.0, 1.0, 4000)
    for k, (shift, width) in enumerate(((0, 12), (9, 24))):
        counts, edges = np.histogram(values, np.linspace(0, 18, width + 1))
        ax.stairs(
            counts / counts.max(),
            edges + shift,
            fill=not k,
            color=COLOURS["blue" if not k else "vermilion"],
            lw=2,
        )
    ax.set_ylim(0, 1.1)
    return ax


@cache
def _patient():
    """The FLAIR image around a tumour, float64 so that a·x + b is exact, and the tumour."""
    from rgteach.cohorts import glioma

    crop = glioma(PATIENT).crop
    return crop.image("FLAIR").astype(float), crop.tumour, crop.spacing_mm


def _inside_window(image, tumour, window):
    """The tumour voxels between two percentiles, never fewer than a tenth of them."""
    low, high = window
    if high - low < LEAST_KEPT:
        low, high = (low, low + LEAST_KEPT) if low <= 100 - LEAST_KEPT else (100 - LEAST_KEPT, 100)
    bottom, top = np.percentile(image[tumour], (low, high))
    return tumour & (image >= bottom) & (image <= top)


def _measure(image, mask, spacing_mm, bins):
    from rgteach.image.firstorder import firstorder
    from rgteach.image.quantise import quantise
    from rgteach.image.voi import voi

    region = voi(image, mask, spacing_mm)
    kind, n = bins
    levels = quantise(region, **{f"bin_{kind}": n})
    row = firstorder(region, levels)
    return levels, {name: float(row[name]) for name in SHOWN}


def _histogram(ax: Axes, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    ax.stairs(
        *np.histogram(view.before, bins=32),
        color="0.35",
        linewidth=2,
        zorder=3,
        label=label("demo-histogram-was"),
    )
    ax.stairs(
        view.counts,
        view.edges,
        fill=True,
        color=COLOURS["blue"],
        alpha=0.75,
        label=label("demo-histogram-is"),
    )
    mean, sd = view.features["mean"], view.features["variance"] ** 0.5
    top = max(view.counts.max(), np.histogram(view.before, bins=32)[0].max())
    ax.plot([mean, mean], [0, 1.06 * top], color=COLOURS["vermilion"], linestyle="--")
    ax.set_ylim(0, 1.45 * top)
    ax.set_xlabel(label("demo-histogram-signal"))
    ax.set_ylabel(label("demo-histogram-voxels"))
    ax.set_title(label("demo-histogram-formula", formula=_formula(view.change)))
    ax.locator_params(nbins=4)
    ax.legend(loc="upper left", handlelength=1.2)
    describe(
        ax,
        say("demo-histogram-alt", formula=_formula(view.change), n=view.values.size, bins=len(view.counts),
            low=f"{view.values.min():g}", high=f"{view.values.max():g}", mean=f"{mean:.4g}", sd=f"{sd:.4g}"),
    )  # fmt: skip


def _formula(change: tuple[float, float]) -> str:
    """A change of units as a student would write it."""
    a, b = change
    if a == -1:
        return f"{b:g} − x"
    scaled = {1: "x", 0.5: "x / 2"}.get(a, f"{a:g} x")
    return f"{scaled} + {b:g}" if b else scaled
