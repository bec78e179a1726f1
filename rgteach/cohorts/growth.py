"""How the tumour grows: glioma cells divide and wander, faster along white matter, never into fluid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, zoom

WHITE_TO_GRAY = 5.0  # cells move five times faster in white matter than in gray
STEP_MM = 2.0  # the growth is computed on a grid of this spacing, the images on 1 mm
UNEVEN, UNEVEN_MM = 0.7, 7.0  # spread of the logarithm of the diffusivity, and over what distance it changes
MOST_UNEVEN = np.float32(3.0)
STEPS_A_ROUND = 6  # between two looks at how far the cells have come
LONGEST_DAYS = 36500.0  # a tumour that is walled in stays smaller than asked
REACH_MM = 46.0  # half the side of the cube that growth may fill


@dataclass(frozen=True)
class Growth:
    """A grown tumour: cell density 0..1 (z, y, x) on 1 mm voxels, where it lies, and how long it took."""

    density: np.ndarray
    box: tuple[slice, slice, slice]
    days: float


def grow(gm, wm, seed, diffusion, proliferation, visible, volume_ml, rng) -> Growth:
    """Solve du/dt = div(D grad u) + rho u (1 - u) from one seed until the visible part has a volume.

    Parameters
    ----------
    gm, wm : array of float, shape (z, y, x)
        Share of gray and of white matter, 1 mm voxels.
    seed : tuple of int
        Voxel (z, y, x) where the first cells sit.
    diffusion : float
        D in white matter, mm² per day; gray matter has a fifth of it, fluid and air none.
    proliferation : float
        rho, per day.
    visible : float
        Density above which a scanner shows the tumour.
    volume_ml : float
        Visible volume at which growth stops.
    rng : numpy.random.Generator
        Makes the tissue uneven, so that the tumour is not a ball.

    Returns
    -------
    Growth

    References
    ----------
    Swanson, Alvord & Murray 2000, doi:10.1046/j.1365-2184.2000.00177.x.
    """
    box = _window(seed, gm.shape)
    coarse = int(STEP_MM)
    white, gray = _coarsen(wm[box], coarse), _coarsen(gm[box], coarse)
    pace = np.where(white + gray > 0.5, white + gray / np.float32(WHITE_TO_GRAY), np.float32(0))
    pace *= _uneven(pace.shape, rng)
    u = np.zeros_like(pace)
    start = tuple((s - b.start) // coarse for s, b in zip(seed, box, strict=True))
    u[start] = 1.0
    u, days = _march(u, diffusion * pace, proliferation, visible, volume_ml * 1000 / STEP_MM**3)
    tissue = (gm[box] + wm[box]) > 0.5
    return Growth(_refine(u, pace > 0, tissue, coarse), box, days)


def _uneven(shape, rng):
    """A smooth random factor around 1: tissue is easier to cross here than there."""
    field = gaussian_filter(rng.standard_normal(shape, dtype=np.float32), UNEVEN_MM / STEP_MM)
    factor = np.exp(np.float32(UNEVEN) * field / field.std())
    return np.clip(
        factor, 1 / MOST_UNEVEN, MOST_UNEVEN
    )  # the highest diffusivity fixes the length of a time step


def _march(u, pace, rho, visible, n_wanted):
    """Explicit steps, within 80 % of the stability limit, until enough coarse voxels are visible."""
    dt = float(min(0.8 * STEP_MM**2 / (6 * pace.max()), 0.2 / rho))
    faces = [_face(pace, axis) * np.float32(dt / STEP_MM**2) for axis in range(3)]
    days, n_seen = 0.0, 0
    while n_seen < n_wanted and days < LONGEST_DAYS:
        box = _reached(u)
        near = [face[_within(box, axis)] for axis, face in enumerate(faces)]
        for _ in range(STEPS_A_ROUND):
            _step(u[box], near, np.float32(rho * dt))
            days += dt
            n_seen = np.count_nonzero(u[box] > visible)
            if n_seen >= n_wanted:
                break
    return u, days


def _step(u, faces, gain):
    """One step of time, in place: cells divide where there is room, and cross each face down the slope."""
    change = u * (1 - u)
    change *= gain
    for axis, face in enumerate(faces):
        flow = np.diff(u, axis=axis)
        flow *= face
        change[_cut(axis, None, -1)] += flow
        change[_cut(axis, 1, None)] -= flow
    u += change


def _reached(u):
    """The box that cells have reached, with room for the steps of one round."""
    box = []
    for axis, n in enumerate(u.shape):
        others = tuple(a for a in range(3) if a != axis)
        full = np.flatnonzero((u > 1e-7).any(axis=others))
        box.append(slice(max(0, full[0] - STEPS_A_ROUND), min(n, full[-1] + 1 + STEPS_A_ROUND)))
    return tuple(box)


def _within(box, axis):
    """The faces inside a box: one fewer along their own axis."""
    return tuple(slice(b.start, b.stop - 1) if a == axis else b for a, b in enumerate(box))


def _face(pace, axis):
    """Diffusivity between neighbours: their harmonic mean, so a wall on either side stops the flow."""
    a, b = pace[_cut(axis, None, -1)], pace[_cut(axis, 1, None)]
    return 2 * a * b / np.maximum(a + b, np.float32(1e-6))


def _cut(axis, start, stop):
    return tuple(slice(start, stop) if a == axis else slice(None) for a in range(3))


def _window(seed, shape):
    """A cube around the seed, clipped to the brain, with sides that the coarse grid divides."""
    box, step = [], int(STEP_MM)
    for at, n in zip(seed, shape, strict=True):
        start, stop = max(0, at - int(REACH_MM)), min(n, at + int(REACH_MM))
        box.append(slice(start, start + (stop - start) // step * step))
    return tuple(box)


def _coarsen(share, step):
    """Means over blocks of step³ voxels."""
    n_z, n_y, n_x = (n // step for n in share.shape)
    blocks = share.reshape(n_z, step, n_y, step, n_x, step)
    return blocks.mean(axis=(1, 3, 5), dtype=np.float32)


def _refine(u, open_, tissue, step):
    """Density on 1 mm voxels, read off the coarse grid without leaking the zeros of fluid into tissue."""
    weight = open_.astype(np.float32)
    total = zoom(u * weight, step, order=1, mode="nearest", grid_mode=True)
    share = zoom(weight, step, order=1, mode="nearest", grid_mode=True)
    fine = np.where(share > 0.05, total / np.maximum(share, np.float32(0.05)), np.float32(0))
    return (fine * tissue).astype(np.float32)
