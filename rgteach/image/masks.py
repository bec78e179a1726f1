"""Reading a mask file: which labels it holds and where one of them lies, in one pass.

Only the planes that hold the label are kept, cut to the rows and columns it touches; a lesion of a brain scan
costs some hundred kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rgteach.errors import LearnerError, warn
from rgteach.image.scan import Box, Scan
from rgteach.wording import say

# UCSF-PDGM's masks scale to 0.9999999998; a probability of 0.98 is not a label.
ROUNDING = 1e-3
MANY_LABELS = 100
MOST_LABELS = 1000


@dataclass(frozen=True, eq=False)
class Region:
    """One label of a mask.

    Parameters
    ----------
    box : three slices
        The bounding box in the mask's own array.
    inside : array of bool
        The voxels of the label, cropped to the box.
    labels : dict
        How many voxels every label of the mask has, background left out.
    rounded : bool
        Whether the stored labels were whole numbers only after rounding.
    """

    box: Box
    inside: np.ndarray
    labels: dict[int, int]
    rounded: bool


def read_region(mask: Scan, label: int = 1) -> Region:
    """Find one label in a mask.

    Raises
    ------
    LearnerError
        If the label is absent (those that are there are listed), the mask is empty or holds no labels.
    """
    labels: dict[int, int] = {}
    pieces: list[tuple[int, int, int, np.ndarray]] = []
    rounded = False
    for z, (plane, was_rounded) in enumerate(_label_planes(mask)):
        rounded |= was_rounded
        _count(mask, plane, labels)
        inside = plane == label
        if inside.any():
            pieces.append((z, *_cut(inside)))
    labels.pop(0, None)
    if not pieces:
        raise _absent(mask, label, labels)
    if len(labels) > MANY_LABELS:
        warn("scan-mask-many-labels", path=mask.name, n=len(labels), label=label, voxels=labels[label])
    return Region(*_together(pieces), labels=labels, rounded=rounded)


def count_labels(mask: Scan) -> dict[int, int]:
    """How many voxels every label of a mask has, background left out."""
    labels: dict[int, int] = {}
    for plane, _ in _label_planes(mask):
        _count(mask, plane, labels)
    labels.pop(0, None)
    return labels


def _label_planes(mask: Scan) -> Iterator[tuple[np.ndarray, bool]]:
    """Each plane as whole numbers, and whether it had to be rounded to them."""
    for z, plane in enumerate(mask.planes()):
        if plane.dtype.kind != "f":
            yield plane, False
            continue
        whole = np.rint(plane)
        if not np.isfinite(plane).all() or np.abs(plane - whole).max() > ROUNDING:
            raise _not_labels(mask, plane, z)
        yield whole.astype(np.int64), bool((plane != whole).any())


def _not_labels(mask: Scan, plane: np.ndarray, z: int) -> LearnerError:
    n_bad = int((~np.isfinite(plane)).sum())
    if n_bad:
        return LearnerError("scan-mask-nan", path=mask.name, n=n_bad, z=z)
    odd = plane[np.abs(plane - np.rint(plane)) > ROUNDING]
    return LearnerError(
        "scan-mask-soft",
        path=mask.name,
        example=float(odd[0]),
        low=float(plane.min()),
        high=float(plane.max()),
    )


def _count(mask: Scan, plane: np.ndarray, labels: dict[int, int]) -> None:
    """Add up the voxels of each label; planes without any are the most and cost one look."""
    if not plane.any():
        return
    for value, n in zip(*np.unique(plane, return_counts=True), strict=True):
        labels[int(value)] = labels.get(int(value), 0) + int(n)
    if len(labels) > MOST_LABELS:
        raise LearnerError("scan-mask-is-image", path=mask.name, n=len(labels))


def _cut(inside: np.ndarray) -> tuple[int, int, np.ndarray]:
    """A plane cut to the rows and columns it touches, as (first row, first column, piece)."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    piece = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return int(rows[0]), int(columns[0]), piece.copy()


def _together(pieces: list) -> tuple[Box, np.ndarray]:
    """The bounding box of all pieces, and the pieces laid into it."""
    z0, z1 = pieces[0][0], pieces[-1][0] + 1
    y0, x0 = min(p[1] for p in pieces), min(p[2] for p in pieces)
    y1 = max(p[1] + p[3].shape[0] for p in pieces)
    x1 = max(p[2] + p[3].shape[1] for p in pieces)
    inside = np.zeros((z1 - z0, y1 - y0, x1 - x0), bool)
    for z, y, x, piece in pieces:
        inside[z - z0, y - y0 : y - y0 + piece.shape[0], x - x0 : x - x0 + piece.shape[1]] = piece
    return (slice(z0, z1), slice(y0, y1), slice(x0, x1)), inside


def _absent(mask: Scan, label: int, labels: dict[int, int]) -> LearnerError:
    """The label is not there: say what is."""
    if not labels:
        return LearnerError("scan-mask-empty", path=mask.name, shape=" × ".join(map(str, mask.grid.shape)))
    ml = float(np.prod(mask.grid.spacing_mm)) / 1000
    lines = [say("scan-label-line", value=v, n=n, ml=n * ml) for v, n in sorted(labels.items())[:20]]
    if list(labels) == [255]:
        return LearnerError("scan-mask-255", path=mask.name, label=label, n=labels[255])
    return LearnerError(
        "scan-label-absent", path=mask.name, label=label, labels="\n".join(lines), first=min(labels)
    )
