"""A synthetic glioma with a known truth: the mutation changes the texture and leaves the histogram alone.

Two tumours of one seed, one mutated and one not, have the same shape and, part by part, the same set of FLAIR
and T2 values; only the places of the values differ.  Moments of the histogram cannot tell them apart,
neighbours can.  What is left out: every patient has the same healthy brain, and the tumour does not push it
aside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from rgteach.cohorts import signal
from rgteach.cohorts.anatomy import Brain, brain
from rgteach.cohorts.growth import Growth, grow
from rgteach.cohorts.signal import MODALITIES, PARTS
from rgteach.errors import LearnerError
from rgteach.image.checks import nearest

SIZES_ML = {"small": (10.0, 18.0), "medium": (25.0, 45.0), "large": (55.0, 90.0)}
# Share of the greatest cell density that T2/FLAIR and contrast-enhanced T1 show (Swanson et al. 2008,
# doi:10.1038/sj.bjc.6604125); above the third the tissue is taken to be dead.
SEEN_ON_FLAIR, SEEN_ON_T1C, DEAD = 0.16, 0.80, 0.90
TEXTURE_MM = {False: 2.0, True: 4.2}  # median distance at which the signal's correlation falls to 1/e
TEXTURE_SPREAD = 0.2  # standard deviation of its logarithm between patients
CROP_MARGIN = 6  # voxels around the tumour


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
        _known(modality, MODALITIES, "unknown-modality")
        return signal.image(modality, self.brain, self.lesion, whole=not self.is_crop)

    @cached_property
    def labels(self) -> np.ndarray:
        """uint8 (z, y, x): 0 healthy or air, 1 core (dead tissue), 2 oedema, 4 enhancing rim."""
        if self.is_crop:
            return self.lesion.labels
        labels = np.zeros(self.brain.shape, np.uint8)
        labels[self.lesion.box] = self.lesion.labels
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

    def __repr__(self) -> str:
        kind = "mutated" if self.truth.mutated else "wild type"
        ml = self.truth.volume_ml["whole"]
        return f"Glioma(seed={self.lesion.seed}, {kind}, {ml:.1f} ml, shape={self.labels.shape})"


def glioma(seed: int = 1, mutated: bool = False, size: str = "medium", *, bias_field: float = 0.0) -> Glioma:
    """Grow a glioma in the MNI152 brain and scan it.

    Parameters
    ----------
    seed : int
        The patient. Two calls with one seed and different `mutated` differ in nothing but the texture.
    mutated : bool
        The simulated mutation gives FLAIR and T2 a smoother texture (a longer correlation length).
    size : "small", "medium" or "large"
        Visible volume: about 10-18, 25-45 or 55-90 ml.
    bias_field : float
        Relative strength of a smooth shading over the image, such as 0.2; 0 leaves it out. It changes the
        histogram of the tumour as well.

    Returns
    -------
    Glioma

    References
    ----------
    Growth: Swanson et al. 2000, doi:10.1046/j.1365-2184.2000.00177.x. Labels: Menze et al. 2015
    (BraTS), doi:10.1109/TMI.2014.2377694.

    Examples
    --------
    >>> patient = glioma(seed=1)
    >>> patient.crop.image("FLAIR").shape == patient.crop.labels.shape
    True
    """
    _known(size, SIZES_ML, "unknown-size")
    grown, facts = _grown(int(seed), size)
    labels, box = _parts(grown)
    rng = np.random.default_rng([seed, 2])
    scale = float(TEXTURE_MM[bool(mutated)] * np.exp(TEXTURE_SPREAD * rng.standard_normal()))
    density = np.ascontiguousarray(grown.density[_inside(box, grown.box)])
    lesion = signal.Lesion(int(seed), scale, float(bias_field), labels, density, box)
    return Glioma(Truth(bool(mutated), scale, _volumes(labels), **facts), lesion, brain())


def gliomas(n: int, seed: int = 0, *, mutated_share: float = 0.5, size: str = "medium") -> list[Glioma]:
    """A cohort of n different patients, of whom a share is mutated, in random order.

    Parameters
    ----------
    n : int
        Number of patients.
    seed : int
        The cohort; patients of different cohorts differ.
    mutated_share : float
        Share of mutated tumours, rounded to whole patients.
    size : "small", "medium" or "large"

    Returns
    -------
    list of Glioma
    """
    if n < 1 or not 0 <= mutated_share <= 1:
        raise LearnerError("bad-cohort-size", n=n, share=mutated_share)
    rng = np.random.default_rng([seed, 3])
    mutated = rng.permutation(np.arange(n) < round(n * mutated_share))
    patients = rng.choice(2**31, size=n, replace=False)
    return [glioma(int(p), bool(m), size) for p, m in zip(patients, mutated, strict=True)]


def _grown(seed: int, size: str) -> tuple[Growth, dict]:
    """The growth of one patient, which does not depend on the mutation."""
    rng = np.random.default_rng([seed, 1])
    points = _starting_points()
    start = tuple(int(v) for v in points[rng.integers(len(points))])
    low, high = SIZES_ML[size]
    volume = low * (high / low) ** rng.uniform()
    rho = 0.03 * np.exp(0.4 * rng.standard_normal())
    diffusion = rho * rng.uniform(1.0, 1.7) ** 2  # mm²: the square of the width of the front
    head = brain()
    grown = grow(head.gm, head.wm, start, diffusion, rho, SEEN_ON_FLAIR, volume, rng)
    facts = {
        "seed_mni_mm": head.to_mni(start),
        "seed_voxel": start,
        "diffusion_mm2_per_day": float(diffusion),
        "proliferation_per_day": float(rho),
        "days": grown.days,
    }
    return grown, facts


@cache
def _starting_points() -> np.ndarray:
    """Voxels (k, 3) deep in the white matter of the cerebrum, off the midline."""
    head = brain()
    z, y, x = np.nonzero(head.bytes["wm"] > 230)
    at_x, _, at_z = (head.affine @ np.stack([x, y, z, np.ones_like(x)]))[:3]
    return np.stack([z, y, x], axis=1)[(np.abs(at_x) > 12) & (at_z > 2) & (at_z < 50)].astype(np.int16)


def _parts(grown: Growth) -> tuple[np.ndarray, tuple[slice, slice, slice]]:
    """Labels from cell density, cut to a box around the tumour in whole-brain coordinates."""
    u = grown.density
    labels = np.where(u > SEEN_ON_FLAIR, np.uint8(PARTS["oedema"]), np.uint8(0))
    labels[u > SEEN_ON_T1C] = PARTS["rim"]
    labels[u > DEAD] = PARTS["core"]
    where = np.nonzero(labels)
    cut = tuple(
        slice(max(0, int(w.min()) - CROP_MARGIN), min(n, int(w.max()) + 1 + CROP_MARGIN))
        for w, n in zip(where, u.shape, strict=True)
    )
    box = tuple(slice(b.start + c.start, b.start + c.stop) for b, c in zip(grown.box, cut, strict=True))
    return np.ascontiguousarray(labels[cut]), box


def _inside(box, outer):
    return tuple(slice(b.start - o.start, b.stop - o.start) for b, o in zip(box, outer, strict=True))


def _volumes(labels: np.ndarray) -> dict[str, float]:
    """Millilitres of each part; a voxel is one cubic millimetre."""
    volumes = {part: int(np.count_nonzero(labels == label)) / 1000 for part, label in PARTS.items()}
    return volumes | {"whole": int(np.count_nonzero(labels)) / 1000}


def _known(given, known, key) -> None:
    if given not in known:
        raise LearnerError(key, given=given, known=", ".join(known), nearest=nearest(str(given), known))
