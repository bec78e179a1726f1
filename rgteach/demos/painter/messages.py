"""What comes from the page and what goes there.  No length, number or name is trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rgteach.demos.painter.live import MAIN, Live
from rgteach.demos.painter.regions import NAMES
from rgteach.demos.painter.sources import Source
from rgteach.demos.panel import digits
from rgteach.errors import LearnerError
from rgteach.wording import say

STEPS = 65535  # of a slice on its way to the page: 16 bits

LEVELS = (8, 16, 32, 64)
FARTHEST = 5


def slice_message(flat: np.ndarray, z: int, span: tuple[float, float]) -> tuple[dict, list[bytes]]:
    """A slice as 16-bit numbers between the lowest and the highest value of the volume.

    NaN and minus infinity are sent as the lowest value, plus infinity as the highest.
    """
    low, high = span
    with np.errstate(invalid="ignore"):
        share = (np.asarray(flat, np.float64) - low) / ((high - low) or 1.0)
    raw = np.rint(np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0, 1) * STEPS)
    return {"kind": "slice", "z": z, "low": low, "high": high}, [raw.astype("<u2").tobytes()]


def mask_message(region: str, z: int, inside: np.ndarray, history) -> tuple[dict, list[bytes]]:
    """One slice of a region as packed bits."""
    content = {"kind": "mask", "region": region, "z": z, "undo": history.can_undo, "redo": history.can_redo}
    return content, [np.packbits(inside).tobytes()]


def result_message(region: str, z: int, found: Live, distance: int) -> tuple[dict, list[bytes]]:
    """Levels, matrix and numbers of a painted region."""
    content = {
        "kind": "result",
        "region": region,
        "z": z,
        "n": found.n,
        "area_mm2": found.area_mm2,
        "features": rows(found),
        "trouble": found.trouble,
        "n_levels": len(found.p),
        "distance": distance,
        "box": list(found.box),
    }
    levels = np.ascontiguousarray(found.levels, np.uint8).tobytes()
    return content, [levels, found.p.astype("<f4").tobytes()]


def rows(found: Live) -> list[dict]:
    """The features as they stand in the list: those of the lab first."""
    names = [name for name in MAIN if name in found.features]
    names += [name for name in found.features if name not in MAIN]
    return [_row(name, found.features[name]) for name in names]


def _row(name: str, number: float) -> dict:
    finite = bool(np.isfinite(number))
    return {
        "name": name,
        "label": feature_label(name),
        "value": digits(number) if finite else say("demo-undefined"),
        "number": float(number) if finite else None,
        "main": name in MAIN,
    }


def feature_label(name: str) -> str:
    """A feature's name for people."""
    return say(f"demo-feature-{name}") if name in MAIN else say(f"painter-feature-{name}")


def seen_in_words(source: Source) -> str:
    """Plane, size and voxel size of an image."""
    plane = source.plane
    size = " × ".join(map(str, plane.shape(source.image.shape)))
    steps = " × ".join(f"{mm:.3g}" for mm in plane.spacing(source.spacing_mm))
    return say("painter-seen", plane=say(f"painter-plane-{plane.name or 'unknown'}"), size=size, steps=steps)


# ---------------------------------------------------------------- from the page


def region_of(given: object) -> str:
    """The region's name; anything else is refused."""
    if not isinstance(given, str) or given not in NAMES:
        raise LearnerError("painter-no-region", given=given)
    return given


def whole(name: str, given: object, low: int, high: int) -> int:
    """A whole number from low to high."""
    number = isinstance(given, (int, float, np.integer, np.floating)) and not isinstance(given, bool)
    if not number or not np.isfinite(given) or given != int(given) or not low <= given <= high:
        raise LearnerError("painter-not-whole", name=name, given=given, low=low, high=high)
    return int(given)


def slice_number(given: object, n_z: int) -> int:
    """The number of a slice that there is."""
    try:
        return whole("z", given, 0, n_z - 1)
    except LearnerError:
        raise LearnerError("painter-no-slice", given=given, last=n_z - 1) from None


def n_levels_of(given: object) -> int:
    """One of the numbers of bins that are offered."""
    n = whole("n_levels", given, LEVELS[0], LEVELS[-1])
    if n not in LEVELS:
        raise LearnerError("painter-levels", given=given, known=", ".join(map(str, LEVELS)))
    return n


def distance_of(given: object) -> int:
    """Voxels between the two of a pair."""
    return whole("distance", given, 1, FARTHEST)


def window_of(given: object) -> list[float]:
    """Two finite numbers, the smaller one first."""
    try:
        low, high = (float(number) for number in given)
    except (TypeError, ValueError):
        low = high = np.nan
    if not (np.isfinite([low, high]).all() and low < high):
        raise LearnerError("painter-bad-window", given=given)
    return [low, high]


def bits_of(buffers: Sequence[object] | None, shape: tuple[int, int]) -> np.ndarray:
    """The mask of one slice from packed bits, whichever kind of bytes the transport made of them."""
    n = shape[0] * shape[1]
    expected = (n + 7) // 8
    raw = b"".join(bytes(part) for part in buffers or ())
    if len(raw) != expected:
        raise LearnerError(
            "painter-bad-bits", found=len(raw), expected=expected, shape=f"{shape[0]} × {shape[1]}"
        )
    return np.unpackbits(np.frombuffer(raw, np.uint8), count=n).reshape(shape).astype(bool)
