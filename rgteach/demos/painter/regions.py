"""The two painted regions, and how to take a stroke back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

NAMES = ("a", "b")
MOST_STEPS = 200


@dataclass(eq=False)
class Step:
    """What one act changed: for each slice the mask before it, or after it once it is taken back."""

    region: str
    slices: dict[int, bytes] = field(default_factory=dict)


class Regions:
    """Two masks on one grid with one history.

    Parameters
    ----------
    shape : (n_z, n_y, n_x)

    Attributes
    ----------
    masks : dict
        Arrays of bool (z, y, x) named "a" and "b".

    Examples
    --------
    >>> regions = Regions((1, 2, 2))
    >>> regions.replace("a", {0: np.array([[True, False], [False, False]])})
    >>> regions.undo().region, int(regions.masks["a"].sum())
    ('a', 0)
    """

    def __init__(self, shape: tuple[int, int, int]):
        self.shape = tuple(shape)
        self.masks = {name: np.zeros(shape, bool) for name in NAMES}
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._open: Step | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was taken back."""
        return bool(self._undone)

    def stroke(self, region: str, z: int, inside: np.ndarray, *, begin: bool, end: bool) -> None:
        """Set one slice while it is drawn on; what lies between `begin` and `end` is one step."""
        opened = self._open
        if begin or opened is None or opened.region != region or z not in opened.slices:
            self._close()
            self._open = self._begin(Step(region, {z: _packed(self.masks[region][z])}))
        self.masks[region][z] = inside
        if end:
            self._close()

    def replace(self, region: str, slices: dict[int, np.ndarray]) -> None:
        """Set whole slices as one step; those that stay as they were are not remembered."""
        self._close()
        mask = self.masks[region]
        changed = {z: new for z, new in slices.items() if not np.array_equal(mask[z], new)}
        if changed:
            self._begin(Step(region, {z: _packed(mask[z]) for z in changed}))
            for z, new in changed.items():
                mask[z] = new

    def undo(self) -> Step | None:
        """Take the last step back; gives it, or None where there is none."""
        self._close()
        return self._move(self._done, self._undone)

    def redo(self) -> Step | None:
        """Do again what was taken back last."""
        self._close()
        return self._move(self._undone, self._done)

    def used(self, region: str) -> Iterable[int]:
        """The slices that hold a part of the region."""
        return np.flatnonzero(self.masks[region].any(axis=(1, 2))).tolist()

    def _begin(self, step: Step) -> Step:
        self._undone.clear()
        self._done.append(step)
        del self._done[:-MOST_STEPS]
        return step

    def _close(self) -> None:
        """End the stroke that is drawn; one that changed nothing leaves no step."""
        step, self._open = self._open, None
        if step is None:
            return
        mask = self.masks[step.region]
        if all(_packed(mask[z]) == before for z, before in step.slices.items()):
            self._done.pop()  # the stroke that is drawn is always the last

    def _move(self, source: list[Step], target: list[Step]) -> Step | None:
        if not source:
            return None
        step = source.pop()
        mask = self.masks[step.region]
        for z, bits in step.slices.items():
            step.slices[z] = _packed(mask[z])
            mask[z] = _unpacked(bits, self.shape[1:])
        target.append(step)
        return step


def _packed(inside: np.ndarray) -> bytes:
    """One slice in some hundred bytes: a step over a large scan may be kept two hundred times."""
    return zlib.compress(np.packbits(inside).tobytes(), 1)


def _unpacked(kept: bytes, shape: tuple[int, int]) -> np.ndarray:
    bits = np.frombuffer(zlib.decompress(kept), np.uint8)
    return np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape).astype(bool)
