"""The painter without a front end: slice, regions, pairs and numbers as one picture with its description."""

from __future__ import annotations

import numpy as np

from rgteach.demos.painter import messages
from rgteach.demos.painter.live import MAIN, Live
from rgteach.demos.painter.regions import NAMES
from rgteach.demos.panel import SIZE_IN, Still
from rgteach.views import table
from rgteach.wording import say


def still(painter) -> Still:
    """What the painter shows now.

    Parameters
    ----------
    painter : Painter

    Returns
    -------
    Still
        Two panels (the slice with the regions outlined, the matrix of region a), a table of the features of
        both regions, and all of it in words.
    """
    from rgteach.plots.page import new_axes, picture
    from rgteach.plots.style import style

    found = {name: painter.live(name) for name in NAMES}
    fig, axes = new_axes(2, size=SIZE_IN)
    with style():
        draw_slice(axes[0], painter)
        draw_pairs(axes[1], found["a"], painter.distance)
    drawn = picture(fig)
    header, rows = numbers(found)
    words = "; ".join(", ".join(cell for cell in row if cell) for row in rows)
    return Still(f"{drawn.to_html()}{table(header, rows)}", f"{painter.title}\n{drawn.alt}\n{words}")


def draw_slice(ax, painter) -> None:
    """The slice shown, as on the page, with both regions outlined."""
    from rgteach.plots.anatomy import slice_view
    from rgteach.plots.style import label

    turn, z = painter._source.plane.turn, painter.z
    labels = sum(k * turn(painter._regions.masks[name][z]) for k, name in ((1, "a"), (2, "b")))
    both = np.where(turn(painter._regions.masks["a"][z]), 1, labels).astype(np.uint8)
    used = {k: label(f"painter-region-{name}") for k, name in ((1, "a"), (2, "b")) if (both == k).any()}
    slice_view(
        ax,
        turn(painter.image[z]).astype(float),
        mask=both if used else None,
        names=used or None,
        spacing_mm=tuple(painter.spacing),
        window=tuple(painter.window),
        title=label("painter-slice", z=z),
        orientation=None,
    )
    _letters(ax, painter.sides)


def draw_pairs(ax, found: Live, distance: int) -> None:
    """The matrix of a region, or the sentence that says why there is none."""
    from rgteach.plots.matrices import matrix_view
    from rgteach.plots.page import describe
    from rgteach.plots.style import label

    if not found.trouble:
        matrix_view(ax, found.p, title=label("painter-pairs", d=distance))
        return
    ax.set_axis_off()
    ax.text(0.5, 0.5, label("painter-no-pairs-yet"), ha="center", va="center", wrap=True)
    describe(ax, found.trouble)


def numbers(found: dict[str, Live]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: size and the lab's five features of each region that is painted."""
    shown = [name for name in NAMES if found[name].n] or ["a"]
    header = (say("demo-glcm-feature"), *(say(f"painter-region-{name}") for name in shown))
    rows = [(say("voi-voxels"), *(f"{found[name].n:,}" for name in shown))]
    rows.append((say("painter-area"), *(f"{found[name].area_mm2:,.0f} mm²" for name in shown)))
    texts = {name: {row["name"]: row["value"] for row in messages.rows(found[name])} for name in shown}
    for feature in MAIN:
        label = messages.feature_label(feature)
        rows.append((label, *(texts[name].get(feature, say("demo-undefined")) for name in shown)))
    told = [(say("painter-note"), *(found[name].trouble for name in shown))]
    return header, rows + (told if any(found[name].trouble for name in shown) else [])


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
