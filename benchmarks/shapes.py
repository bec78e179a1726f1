"""Seeded textured ellipsoids: the images that every tool is timed on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import rgteach as rg
from rgteach.image.voi import VOI

N_LEVELS = 32


@dataclass(frozen=True)
class Case:
    """One ellipsoid in its bounding box, as a float and an integer image, quantised and not."""

    side: int
    image: np.ndarray  # float32
    whole: np.ndarray  # int16, the same to two decimals
    mask: np.ndarray  # uint8

    @property
    def voi(self) -> VOI:
        """The region of the float image."""
        return rg.voi(self.image, self.mask)

    @property
    def whole_voi(self) -> VOI:
        """The region of the integer image."""
        return rg.voi(self.whole, self.mask)

    @property
    def levels(self) -> np.ndarray:
        """Gray levels 1..32 inside, 0 outside, uint8."""
        return rg.quantise(self.voi, bin_count=N_LEVELS).levels


def ellipsoid(side: int, seed: int = 1) -> Case:
    """Smooth patches under noise, in an ellipsoid that touches every side of its box."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(size=(side // 4 + 2,) * 3)
    patches = coarse.repeat(4, 0).repeat(4, 1).repeat(4, 2)[2 : side + 2, 2 : side + 2, 2 : side + 2]
    for axis in range(3):  # three box filters make a smooth one
        patches = (patches + np.roll(patches, 1, axis) + np.roll(patches, -1, axis)) / 3
    image = (100 * patches + 20 * rng.normal(size=patches.shape) + 500).astype(np.float32)
    place = (np.arange(side) - (side - 1) / 2) / (side / 2)
    inside = place[:, None, None] ** 2 + place[:, None] ** 2 + place**2 <= 1
    return Case(side, image, np.rint(image).astype(np.int16), inside.astype(np.uint8))
