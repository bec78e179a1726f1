"""The outline of a region on a slice: along the voxel edges, true to the mask."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from rgteach.plots.style import COLOURS, LINE_PT, LINE_STYLES

OUTLINES = ("yellow", "sky", "vermilion", "green")  # all of them stand out on gray


def outlines(ax: Axes, flat: np.ndarray, extent, names, colours=OUTLINES) -> list[str]:
    """A line along the voxel edges of each label, in these colours; the names of what was drawn."""
    found = [int(v) for v in np.unique(flat) if v]
    handles, drawn = [], []
    for k, value in enumerate(found):
        colour, dashes = COLOURS[colours[k % len(colours)]], LINE_STYLES[k % 4]
        _edge_line(ax, flat == value, extent, colour, dashes)
        name = (names or {}).get(value)
        if name:
            handles.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=LINE_PT, label=name))
            drawn.append(name)
    if handles:
        ax.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.5)
    return drawn


def _edge_line(ax: Axes, inside: np.ndarray, extent, colour: str, dashes: str) -> None:
    """Segments between voxels of which one is inside: an outline without smoothing, true to the mask."""
    padded = np.pad(inside, 1)
    dx, dy = extent[1] / inside.shape[1], extent[2] / inside.shape[0]
    y, x = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    flat = np.stack([np.stack([x, y], 1), np.stack([x + 1, y], 1)], axis=1)
    y, x = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    upright = np.stack([np.stack([x, y], 1), np.stack([x, y + 1], 1)], axis=1)
    lines = _chained(np.concatenate([flat, upright]))
    for points in lines:
        ax.plot(points[:, 0] * dx, points[:, 1] * dy, color=colour, linestyle=dashes, linewidth=LINE_PT)


def _chained(segments: np.ndarray) -> list[np.ndarray]:
    """Join unit segments end to end, so that dashes run on around the corners."""
    ends: dict[tuple[int, int], list[int]] = {}
    for k, (a, b) in enumerate(segments.tolist()):
        ends.setdefault(tuple(a), []).append(k)
        ends.setdefault(tuple(b), []).append(k)
    pairs = segments.tolist()
    free = set(range(len(pairs)))
    lines = []
    while free:
        k = free.pop()
        path = [tuple(pairs[k][0]), tuple(pairs[k][1])]
        while True:
            at = path[-1]
            step = next((j for j in ends[at] if j in free), None)
            if step is None:
                break
            free.remove(step)
            a, b = map(tuple, pairs[step])
            path.append(b if a == at else a)
        lines.append(np.array(path, dtype=float))
    return lines
