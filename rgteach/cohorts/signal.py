"""What the scanner would show: tissue, tumour parts, texture, noise and an optional bias field."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.special import ndtri

MODALITIES = ("T1", "T1c", "T2", "FLAIR")
PARTS = {"core": 1, "oedema": 2, "rim": 4}  # the labels of the BraTS data sets

# Signal of white matter, gray matter and fluid, arbitrary units; T1 comes from the template itself.
TISSUE = {"T2": (330.0, 460.0, 900.0), "FLAIR": (340.0, 440.0, 110.0)}
T1_GAIN = 2.6
# Mean, standard deviation and skew of the signal in each part of the tumour.
LESION = {
    "T1": {"core": (330, 28, 0.1), "rim": (430, 30, 0.0), "oedema": (440, 30, -0.1)},
    "T1c": {"core": (310, 30, 0.1), "rim": (850, 90, 0.2), "oedema": (450, 30, -0.1)},
    "T2": {"core": (880, 75, -0.1), "rim": (640, 60, 0.1), "oedema": (720, 70, -0.1)},
    "FLAIR": {"core": (560, 80, 0.2), "rim": (690, 65, 0.1), "oedema": (760, 75, -0.1)},
}
BETWEEN = 0.05  # relative standard deviation between patients of a part's mean signal
STRETCH = 0.08  # standard deviation between patients of the logarithm of a part's spread
GAIN_SPREAD = 0.12  # and of the scanner's gain: MR units mean nothing across scans
NOISE = 11.0
GRAIN = 0.15  # weight of voxel noise beside the texture inside the tumour
EDGE = 1.2  # how strongly oedema fades with the cells
PLAIN_TEXTURE_MM = 3.0  # T1 and T1c carry a texture that the mutation does not touch


@dataclass(frozen=True)
class Lesion:
    """Everything about a tumour that its images need: where it is, and which dice to roll."""

    seed: int
    texture_mm: float
    bias: float
    labels: np.ndarray  # (z, y, x) uint8, cut to `box`
    density: np.ndarray  # (z, y, x) float32, cut to `box`
    box: tuple[slice, slice, slice]


def image(modality, brain, lesion, whole):
    """One image, float32 whole numbers, 0 outside the brain: the box around the tumour, or the whole."""
    near = _image_of_box(modality, brain, lesion)
    if not whole:
        return near
    every = tuple(slice(0, n) for n in brain.shape)
    far = _healthy(modality, brain, every)
    far += NOISE * _dice(lesion.seed, modality, "far").standard_normal(far.shape, dtype=np.float32)
    far = _finish(far, modality, brain, every, lesion)
    far[lesion.box] = near
    return far


def _image_of_box(modality, brain, lesion):
    signal = _healthy(modality, brain, lesion.box)
    signal += NOISE * _dice(lesion.seed, modality, "near").standard_normal(signal.shape, dtype=np.float32)
    field = _texture(modality, lesion)
    for part, label in PARTS.items():
        here = lesion.labels == label
        signal[here] = _by_rank(field[here], _marginal(modality, part, lesion.seed, np.count_nonzero(here)))
    return _finish(signal, modality, brain, lesion.box, lesion)


def _healthy(modality, brain, box):
    """The signal of healthy tissue, without noise."""
    if modality in ("T1", "T1c"):
        return brain.bytes["t1"][box] * np.float32(T1_GAIN)
    white, gray, fluid = (np.float32(v) for v in TISSUE[modality])
    wm, gm = brain.bytes["wm"][box], brain.bytes["gm"][box]
    return fluid + wm * ((white - fluid) / 255) + gm * ((gray - fluid) / 255)


def _texture(modality, lesion):
    """A smooth random field of unit variance, with voxel grain, fading to the outside of the oedema."""
    mutable = modality in ("T2", "FLAIR")
    scale = lesion.texture_mm if mutable else PLAIN_TEXTURE_MM
    rough = _dice(lesion.seed, "T2" if mutable else "T1", "texture")
    grain = _dice(lesion.seed, modality, "grain")
    shape = lesion.labels.shape
    # White noise through a Gaussian of width s has the correlation exp(-r²/4s²), so 1/e at r = 2 s.
    field = gaussian_filter(rough.standard_normal(shape, dtype=np.float32), scale / 2, mode="wrap")
    field /= field.std()
    field += np.float32(GRAIN) * grain.standard_normal(shape, dtype=np.float32)
    field += np.where(lesion.labels == PARTS["oedema"], np.float32(EDGE) * lesion.density, np.float32(0))
    return field


def _marginal(modality, part, seed, n):
    """The n values of one part in rising order: quantiles of a slightly skewed normal, the patient's own."""
    mean, sd, skew = LESION[modality][part]
    shift, stretch = _dice(seed, modality, part).standard_normal(2)
    z = ndtri((np.arange(n) + 0.5) / max(n, 1))
    bent = np.expm1(skew * z) / skew - (np.exp(skew**2 / 2) - 1) / skew if skew else z
    return mean * (1 + BETWEEN * shift) + sd * np.exp(STRETCH * stretch) * bent


def _by_rank(field, values):
    """Give the smallest value to the lowest point of the field, and so on: any field, the same histogram."""
    placed = np.empty(field.shape, np.float32)
    placed[np.argsort(field, kind="stable")] = values
    return placed


def _finish(signal, modality, brain, box, lesion):
    signal *= np.float32(np.exp(GAIN_SPREAD * _dice(lesion.seed, modality, "gain").standard_normal()))
    if lesion.bias:
        signal *= _bias(brain.shape, box, lesion.bias, _dice(lesion.seed, modality, "bias"))
    signal *= brain.bytes["t1"][box] > 0
    return np.rint(np.maximum(signal, 0, out=signal), out=signal)


def _bias(shape, box, strength, rng):
    """1 plus a smooth quadratic of the position, within about ± strength over the brain."""
    z, y, x = (
        np.linspace(-1, 1, n, dtype=np.float32)[cut].reshape([-1 if a == axis else 1 for a in range(3)])
        for axis, (n, cut) in enumerate(zip(shape, box, strict=True))
    )
    c = rng.uniform(-1, 1, 5).astype(np.float32)
    field = c[0] * z + c[1] * y + c[2] * x + c[3] * y * y + c[4] * x * y
    return np.exp(np.float32(strength) * field / np.abs(c).sum())


def _dice(seed, *purpose):
    """A generator of its own for every purpose, so that one thing never shifts another."""
    return np.random.default_rng([seed, *(ord(letter) for letter in "-".join(purpose))])
