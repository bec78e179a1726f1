"""The painter without a front end: slice, regions, pairs and numbers as one picture with its description."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.demos.painter import messages
from rgteach.demos.painter.live import MAIN, Live
from rgteach.demos.painter.regions import NAMES
from rgteach.demos.panel import SIZE_IN, Still
from rgteach.views import table
from rgteach.wording import say

COLOURS = {1: "sky", 2: "orange"}  # those of the regions on the page


@dataclass(frozen=True, eq=False)
class Shown:
    """One slice with its regions, as it lies on the page.

    Attributes
    ----------
    title : str
    z : int
    flat : array, shape (y, x)
        Intensities.
    inside : dict
        The masks (y, x) of the regions "a" and "b".
    found : dict
        What was measured in each.
    spacing_mm : (dz, dy, dx)
    window : (low, high)
        Signal shown as black and as white.
    sides : dict
        Letters at the four edges.
    distance : int
    """

    title: str
    z: int
    flat: np.ndarray
    inside: dict[str, np.ndarray]
    found: dict[str, Live]
    spacing_mm: tuple[float, float, float]
    window: tuple[float, float]
    sides: dict[str, str]
    distance: int

    @property
    def main(self) -> str:
        """The region whose matrix is drawn: a, or b where only b is painted."""
        return "b" if self.found["b"].n and not self.found["a"].n else "a"

    @property
    def features(self) -> dict[str, float]:
        """Every feature of region a; empty where there is trouble."""
        return self.found["a"].features


def still(shown: Shown) -> Still:
    """A picture of two panels, a table of the features of both regions, and all of it in words."""
    from rgteach.plots.page import new_axes, picture

    fig, axes = new_axes(2, size=SIZE_IN)
    draw(axes, shown)
    drawn = picture(fig)
    header, rows = numbers(shown)
    return Still(f"{drawn.to_html()}{table(header, rows)}", f"{shown.title}\n{drawn.alt}\n{in_words(shown)}")


def in_words(shown: Shown) -> str:
    """The table as one line."""
    _, rows = numbers(shown)
    return "; ".join(", ".join(cell for cell in row if cell) for row in rows)


def draw(axes, shown: Shown):
    """Draw the slice with both regions outlined, and the matrix of one."""
    from rgteach.plots.style import style

    with style():
        draw_slice(axes[0], shown)
        draw_pairs(axes[1], shown)
    return axes


def draw_slice(ax, shown: Shown) -> None:
    """The slice as on the page; where the regions overlap, the outline is that of a."""
    from rgteach.plots.anatomy import slice_view
    from rgteach.plots.outlines import outlines
    from rgteach.plots.page import describe
    from rgteach.plots.style import label

    both = np.where(shown.inside["a"], 1, 2 * shown.inside["b"].astype(np.uint8)).astype(np.uint8)
    slice_view(
        ax,
        shown.flat.astype(float),
        spacing_mm=shown.spacing_mm,
        window=shown.window,
        title=label("painter-slice", z=shown.z),
        orientation=None,
    )
    extent = (0.0, both.shape[1] * shown.spacing_mm[2], both.shape[0] * shown.spacing_mm[1], 0.0)
    outlines(ax, both, extent, None, [COLOURS[k] for k in (1, 2) if (both == k).any()])
    _letters(ax, shown.sides)
    for name, inside in shown.inside.items():
        if inside.any():
            _name(ax, name.upper(), inside, shown.spacing_mm)
    describe(ax, slice_in_words(shown))


def slice_in_words(shown: Shown) -> str:
    """What the slice shows: the image, its window, and how much is painted."""
    return _slice_alone(shown) + say("painter-alt-regions", **_counts(shown))


def _slice_alone(shown: Shown) -> str:
    low, high = (f"{value:.4g}" for value in shown.window)
    return say("painter-alt", title=shown.title, z=shown.z, low=low, high=high)


def _counts(shown: Shown) -> dict[str, str]:
    return {name: f"{found.n:,}" for name, found in shown.found.items()}


def draw_pairs(ax, shown: Shown) -> None:
    """The matrix of region a, of b where only b is painted, or that there is none."""
    from rgteach.plots.matrices import matrix_view
    from rgteach.plots.page import describe
    from rgteach.plots.style import label

    name = shown.main
    found = shown.found[name]
    if not found.trouble:
        matrix_view(ax, found.p, title=label("painter-pairs", region=name.upper(), d=shown.distance))
        return
    ax.set_axis_off()
    ax.text(0.5, 0.5, label("painter-no-pairs-yet"), ha="center", va="center")
    describe(ax, found.trouble)


def numbers(shown: Shown) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: size and the lab's five features of each region that is painted."""
    found = shown.found
    painted = [name for name in NAMES if found[name].n] or ["a"]
    header = (say("demo-glcm-feature"), *(say(f"painter-region-{name}") for name in painted))
    rows = [(say("voi-voxels"), *(f"{found[name].n:,}" for name in painted))]
    rows.append((say("painter-area"), *(f"{found[name].area_mm2:,.0f} mm²" for name in painted)))
    texts = {name: {row["name"]: row["value"] for row in messages.rows(found[name])} for name in painted}
    for feature in MAIN:
        label = messages.feature_label(feature)
        rows.append((label, *(texts[name].get(feature, say("demo-undefined")) for name in painted)))
    told = [(say("painter-note"), *(found[name].trouble for name in painted))]
    return header, rows + (told if any(found[name].trouble for name in painted) else [])


def _name(ax, text: str, inside: np.ndarray, spacing_mm) -> None:
    """The name of a region in its middle."""
    from matplotlib.patheffects import withStroke

    y, x = (float(np.median(at)) + 0.5 for at in np.nonzero(inside))
    place = (x * spacing_mm[2], y * spacing_mm[1])
    halo = [withStroke(linewidth=3, foreground="black")]
    ax.text(*place, text, color="white", ha="center", va="center", weight="bold", path_effects=halo)


def _letters(ax, sides: dict[str, str]) -> None:
    """What lies at the four edges, white with a dark rim."""
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3, foreground="black")]
    places = {
        "left": (0.01, 0.5, "left", "center"),
        "right": (0.99, 0.5, "right", "center"),
        "top": (0.5, 0.99, "center", "top"),
        "bottom": (0.5, 0.01, "center", "bottom"),
    }
    for side, (x, y, ha, va) in places.items():
        ax.text(
            x, y, sides.get(side, ""), transform=ax.transAxes, color="white", ha=ha, va=va, path_effects=halo
        )


def small(shown: Shown) -> str:
    """The same as light HTML, made in milliseconds: what stays of a live painter without a kernel."""
    from rgteach.views import card, gray_picture, matrix_picture

    aspect = shown.spacing_mm[1] / shown.spacing_mm[2]
    low, high = shown.window
    flat, everywhere = np.clip(np.nan_to_num(shown.flat), low, high), np.ones(shown.flat.shape, bool)
    name = shown.main
    painted = shown.inside[name].any()
    alt = _slice_alone(shown)
    if painted:
        alt += say("painter-alt-lit", region=name.upper(), **_counts(shown))
    pictures = [gray_picture(flat, shown.inside[name] if painted else everywhere, alt, aspect)]
    found = shown.found[name]
    if not found.trouble:
        alt = say("painter-pairs", region=name.upper(), d=shown.distance)
        pictures.append(matrix_picture(found.p, alt, say("glcm-caption")))
    header, rows = numbers(shown)
    return card(shown.title, {}, *pictures, below=table(header, rows))
