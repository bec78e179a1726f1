"""A synthetic glioma with a known truth: the mutation changes the texture and leaves the histogram alone.

Two tumours of one seed, one mutated and one not, have the same shape and, part by part, the same set of FLAIR
and T2 values; only the places of the values differ.  Moments of the histogram cannot tell them apart,
neighbours can.  What is left out: every patient has the same healthy brain, and the tumour does not push it
aside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rgteach import views
from rgteach.cohorts import signal
from rgteach.cohorts.anatomy import Brain
from rgteach.cohorts.signal import MODALITIES, PARTS
from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.wording import say


@dataclass(frozen=True)
class Truth:
    """What the simulation put in, and what a study would try to find out.

    Attributes
    ----------
    mutated : bool
        The simulated mutation.
    texture_scale_mm : float
        Distance at which the correlation of the FLAIR (and T2) signal inside the tumour falls to 1/e.
    volume_ml : dict
        Volume of each part and of the "whole" tumour.
    seed_mni_mm : tuple of float
        Where the first cells sat: MNI coordinates (x, y, z); right, front and head are positive.
    seed_voxel : tuple of int
        The same place as a voxel (z, y, x) of the whole image.
    diffusion_mm2_per_day, proliferation_per_day : float
        D in white matter and rho of the growth equation.
    days : float
        Simulated time from the first cells to the scan.
    """

    mutated: bool
    texture_scale_mm: float
    volume_ml: dict[str, float]
    seed_mni_mm: tuple[float, float, float]
    seed_voxel: tuple[int, int, int]
    diffusion_mm2_per_day: float
    proliferation_per_day: float
    days: float


@dataclass(frozen=True, eq=False, repr=False)
class Glioma:
    """One simulated patient: four MR images, the parts of the tumour, and the truth.

    Attributes
    ----------
    truth : Truth
        What was simulated.
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx) in mm.
    affine : array of float, shape (4, 4)
        From voxel (x, y, z) to MNI coordinates in mm, ready for nibabel.
    orientation : str
        Where the axes x, y, z grow to: "LPS" is left, back, head.
    """

    truth: Truth
    lesion: signal.Lesion
    brain: Brain
    is_crop: bool = False

    def image(self, modality: str = "FLAIR") -> np.ndarray:
        """One MR image, freshly drawn from the patient's seed, yours to change.

        Parameters
        ----------
        modality : "T1", "T1c", "T2" or "FLAIR"

        Returns
        -------
        image : array of float32, shape (z, y, x)
            Signal in arbitrary units, whole numbers as a scanner stores them, 0 outside the brain.
        """
        known_or_nearest(modality, MODALITIES, "unknown-modality")
        return signal.image(modality, self.brain, self.lesion, whole=not self.is_crop)

    @cached_property
    def labels(self) -> np.ndarray:
        """uint8 (z, y, x): 0 healthy or air, 1 core (dead tissue), 2 oedema, 4 enhancing rim."""
        if self.is_crop:
            return self.lesion.labels
        labels = np.zeros(self.brain.shape, np.uint8)
        labels[self.lesion.box] = self.lesion.labels
        labels.setflags(write=False)
        return labels

    @property
    def tumour(self) -> np.ndarray:
        """True in every part of the tumour, oedema included."""
        return self.labels > 0

    @property
    def crop(self) -> Glioma:
        """The same patient, cut to a box around the tumour: small and quick."""
        return replace(self, is_crop=True)

    @property
    def box(self) -> tuple[slice, slice, slice]:
        """Where `crop` lies in the whole image."""
        return self.lesion.box

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size (dz, dy, dx) in mm."""
        return self.brain.spacing_mm

    @property
    def orientation(self) -> str:
        """Where the axes x, y, z grow to."""
        return self.brain.orientation

    @property
    def affine(self) -> np.ndarray:
        """From voxel (x, y, z) to MNI coordinates in mm."""
        if not self.is_crop:
            return self.brain.affine
        step = np.eye(4)
        step[:3, 3] = [cut.start for cut in reversed(self.box)]
        return self.brain.affine @ step

    def _facts(self) -> dict[str, str]:
        n_z, n_y, n_x = self.labels.shape
        ml = self.truth.volume_ml
        parts = ", ".join(f"{say('part-' + name)} {ml[name]:.1f}" for name in PARTS)
        return {
            say("card-mutation"): say("card-mutated" if self.truth.mutated else "card-wild-type"),
            say("card-volume"): f"{ml['whole']:.1f} ml ({parts})",
            say("card-texture"): f"{self.truth.texture_scale_mm:.1f} mm",
            say("card-size"): f"{n_z} × {n_y} × {n_x} (z, y, x)",
            say("card-spacing"): " × ".join(f"{mm:g}" for mm in self.spacing_mm) + " mm",
            say("card-images"): ", ".join(MODALITIES),
        }

    def __repr__(self) -> str:
        return views.text_card(f"Glioma, seed {self.lesion.seed}", self._facts())

    def _repr_html_(self) -> str:
        crop = self.crop
        z = int(np.count_nonzero(crop.tumour, axis=(1, 2)).argmax())
        pictures = [
            views.gray_picture(crop.image(modality)[z], np.ones(crop.labels.shape[1:], bool), alt)
            for modality, alt in ((m, say("card-glioma-alt", modality=m)) for m in ("T1c", "FLAIR"))
        ]
        return views.card(f"Glioma, seed {self.lesion.seed}", self._facts(), *pictures)


def known_or_nearest(given: object, known, key: str) -> None:
    """Refuse a name that is not known, with the nearest that is."""
    if given not in known:
        raise LearnerError(key, given=given, known=", ".join(known), nearest=nearest(str(given), known))
