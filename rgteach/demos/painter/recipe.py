"""The painter as a demo: a tumour and its mirror image, measured, and the painter to play with."""

from __future__ import annotations

from functools import cache

import numpy as np

from rgteach.demos.painter import still
from rgteach.demos.painter.live import live as measured
from rgteach.demos.painter.presets import first_slice, first_window, preset
from rgteach.demos.painter.sources import Source, open_source, span_of
from rgteach.demos.panel import Control, Demo
from rgteach.demos.still import Still, spoken

N_AXES = 2
PATIENT = "glioma"
OPENING = {"a": "tumour", "b": "mirror"}
draw = still.draw
rows = still.numbers


def compute(edge: int, n_levels: int, distance: int) -> still.Shown:
    """Arrays: both regions, their borders moved by so many voxels of 1 mm, and what is measured in them."""
    source, z = _patient()
    inside = {name: _moved(preset(source, part, z)[z], edge) for name, part in OPENING.items()}
    how = {"spacing_mm": source.spacing_mm, "n_levels": n_levels, "distance": distance}
    return still.Shown(
        title=source.title,
        z=z,
        flat=source.image[z],
        inside=inside,
        found={name: measured(source.image[z], mask, **how) for name, mask in inside.items()},
        spacing_mm=source.spacing_mm,
        window=tuple(first_window(source, span_of(source.image))),
        sides=source.plane.sides,
        distance=distance,
    )


def controls() -> tuple[Control, ...]:
    """How far the borders are moved, how many levels, how far apart the two voxels of a pair are."""
    return (
        Control("edge", (-6, -4, -2, 0, 2, 4, 6), 0, lambda mm: f"{mm:+d} mm" if mm else "0 mm"),
        Control("n_levels", (8, 16, 32, 64), 32),
        Control("distance", (1, 2, 3, 4, 5), 1),
    )


def thumbnail(ax):
    """A slice with a painted region, without letters."""
    rows, columns = np.indices((60, 60)) - 29.5
    head = np.hypot(rows, 1.25 * columns) < 27
    noise = np.random.default_rng(4).standard_normal((60, 60))
    ax.imshow(np.where(head, 0.45 + 0.05 * noise, 0), cmap="gray", vmin=0, vmax=1)
    inside = np.hypot(rows + 6, 1.2 * (columns - 7)) < 11
    levels = np.ma.masked_where(~inside, noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1))
    ax.imshow(levels, cmap="viridis")
    return ax


class KIND(Demo):
    """A demo that is played with by painting; its sliders serve the picture without a front end."""

    def painter(self):
        """The painter with the regions of the opening view."""
        from rgteach.demos.painter.widget import Painter

        source, z = _patient()
        parts = {name: preset(source, part, z) for name, part in OPENING.items()}
        masks = {name: np.stack([part[k] for k in range(len(source.image))]) for name, part in parts.items()}
        return Painter(source, mask=masks)

    def _show_live(self) -> None:
        from IPython.display import display

        display(Still(spoken(self._question_html()), self.question))
        display(self.painter())
        display(Still(spoken(self._answer_html()), ""))


@cache
def _patient() -> tuple[Source, int]:
    source = open_source(PATIENT)
    return source, first_slice(source)


def _moved(mask: np.ndarray, edge: int) -> np.ndarray:
    from scipy.ndimage import binary_dilation, binary_erosion

    change = binary_dilation if edge > 0 else binary_erosion
    return change(mask, iterations=abs(edge)) if edge else mask
