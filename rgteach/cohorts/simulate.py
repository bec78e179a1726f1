"""Make patients: where a tumour starts, how fast it grows, what it shows, and whether it is mutated."""

from __future__ import annotations

from functools import cache

import numpy as np

from rgteach.cohorts.anatomy import brain
from rgteach.cohorts.glioma import Glioma, Truth, known_or_nearest
from rgteach.cohorts.growth import Growth, grow
from rgteach.cohorts.signal import PARTS, Lesion
from rgteach.errors import LearnerError

SIZES_ML = {"small": (10.0, 18.0), "medium": (25.0, 45.0), "large": (55.0, 90.0)}
# Share of the greatest cell density that T2/FLAIR and contrast-enhanced T1 show (Swanson et al. 2008,
# doi:10.1038/sj.bjc.6604125); above the third the tissue is taken to be dead.
SEEN_ON_FLAIR, SEEN_ON_T1C, DEAD = 0.16, 0.80, 0.90
TEXTURE_MM = {False: 2.0, True: 4.2}  # median distance at which the signal's correlation falls to 1/e
TEXTURE_SPREAD = 0.2  # standard deviation of its logarithm between patients
CROP_MARGIN = 6  # voxels around the tumour


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
    known_or_nearest(size, SIZES_ML, "unknown-size")
    seed = _whole(seed)
    grown, facts = _grown(seed, size)
    labels, box = _parts(grown)
    rng = np.random.default_rng([seed, 2])
    scale = float(TEXTURE_MM[bool(mutated)] * np.exp(TEXTURE_SPREAD * rng.standard_normal()))
    density = np.ascontiguousarray(grown.density[_inside(box, grown.box)])
    labels.setflags(write=False)
    lesion = Lesion(seed, scale, float(bias_field), labels, density, box)
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
    known_or_nearest(size, SIZES_ML, "unknown-size")
    rng = np.random.default_rng([_whole(seed), 3])
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


def _whole(seed: int) -> int:
    """The seed, if it is a whole number from 0 upwards."""
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise LearnerError("bad-seed", given=seed)
    return int(seed)
