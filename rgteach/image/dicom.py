"""DICOM: a file or a folder of slices as one scan, read through pydicom slice by slice.

Slices are ordered by where they lie along the normal of their plane, never by file name.  What is not one
regular stack of gray-value slices (a gap, a copy, a tilt, two series) is refused with a sentence: a texture
counted across a missing slice would look just as plausible.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError, warn
from rgteach.image.dicom_headers import Frame, frames_of, read_header
from rgteach.image.geometry import Grid, checked
from rgteach.image.scan import Scan
from rgteach.wording import say

# How far a slice may lie from where even steps would put it, as a share of a step: rounding, a table that
# stutters.
TOLERANCE_STEPS = 0.05


def open_dicom(path: Path, series: str | None = None) -> Scan:
    """The scan in a DICOM file or in a folder of slices; `open_scan` finds the way here."""
    headers = _headers(path)
    headers = _chosen_series(path, headers, series)
    headers = _without_copies(path, headers)
    frames = [frame for header in headers for frame in frames_of(header)]
    if any(header.get("LossyImageCompression") == "01" for header in headers):
        warn("scan-lossy", path=path)
    grid, frames = _stack(path, frames)
    slopes, intercepts = (np.array([getattr(f, part) for f in frames]) for part in ("slope", "intercept"))
    same = (slopes == slopes[0]).all() and (intercepts == intercepts[0]).all()
    return Scan(
        name=str(path),
        kind="DICOM",
        grid=grid,
        files=tuple(dict.fromkeys(frame.path for frame in frames)),
        stored=lambda start, stop: _planes(frames[start:stop]),
        slopes=slopes[:1] if same else slopes,
        intercepts=intercepts[:1] if same else intercepts,
    )


# ---------------------------------------------------------------- which files


def _headers(path: Path) -> list:
    """The headers of the image slices at a path; other DICOM objects are refused by name."""
    if path.is_file():
        return [_image_or_refuse(path, read_header(path, must=True))]
    files = sorted(
        p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".") and p.name != "DICOMDIR"
    )
    headers = [h for h in (read_header(file) for file in files) if h is not None]
    if not headers:
        names = ", ".join(f.name for f in files[:4]) or "–"
        raise LearnerError("scan-no-dicom", path=path, n=len(files), names=names)
    images = [header for header in headers if "Rows" in header]
    if not images:
        _image_or_refuse(path, headers[0])
    return images


def _image_or_refuse(path: Path, header):
    """Refuse segmentations, contours, doses, reports: DICOM objects that are not a scan."""
    kind = header.SOPClassUID.name if "SOPClassUID" in header else "?"
    if "Segmentation" in kind or header.get("Modality") == "SEG":
        raise LearnerError("scan-is-seg", path=path, kind=kind)
    if header.get("Modality") == "RTSTRUCT":
        raise LearnerError("scan-is-rtstruct", path=path, kind=kind)
    if "Rows" not in header or header.get("Modality", "").startswith("RT"):
        raise LearnerError("scan-not-image", path=path, kind=kind)
    return header


def _chosen_series(path: Path, headers: list, wanted: str | None) -> list:
    """The slices of one series; where there are several and none is named, list them and ask."""
    by_uid = lambda header: str(header.get("SeriesInstanceUID", ""))  # noqa: E731
    groups = {uid: list(group) for uid, group in groupby(sorted(headers, key=by_uid), key=by_uid)}
    if wanted is not None:
        found = {uid: group for uid, group in groups.items() if _is_called(group[0], uid, str(wanted))}
        if not found:
            raise LearnerError("scan-no-such-series", path=path, given=wanted, series=_listed(groups))
        groups = found
    if len(groups) > 1:
        raise LearnerError("scan-several-series", path=path, n=len(groups), series=_listed(groups))
    group = next(iter(groups.values()))
    return [_image_or_refuse(path, header) for header in group]


def _is_called(header, uid: str, wanted: str) -> bool:
    number = str(header.get("SeriesNumber", ""))
    return wanted in (uid, number) or wanted.casefold() in str(header.get("SeriesDescription", "")).casefold()


def _listed(groups: dict[str, list]) -> str:
    """One line for each series: its number, what it shows, how many slices of which size."""
    lines = []
    for uid, group in sorted(groups.items(), key=lambda item: int(item[1][0].get("SeriesNumber") or 0)):
        head = group[0]
        lines.append(
            say(
                "scan-series-line",
                number=head.get("SeriesNumber", "–"),
                modality=head.get("Modality", "?"),
                description=head.get("SeriesDescription") or uid,
                n=sum(int(h.get("NumberOfFrames") or 1) for h in group),
                size=f"{head.Rows} × {head.Columns}",
            )
        )
    return "\n".join(lines)


def _without_copies(path: Path, headers: list) -> list:
    """Each object once: copied files ("IM1 (1).dcm") carry the same instance UID."""
    once = {str(h.get("SOPInstanceUID") or id(h)): h for h in headers}
    if len(once) < len(headers):
        warn("scan-copies", path=path, n=len(headers) - len(once))
    return list(once.values())


# ---------------------------------------------------------------- one stack


def _stack(path: Path, frames: list[Frame]) -> tuple[Grid, list[Frame]]:
    """The grid of the frames, and the frames in their order along the slice normal."""
    _refuse_mixed(path, frames)
    if len(frames) == 1:
        return _one_slice(path, frames[0]), frames
    if any(frame.position is None or frame.spacing is None for frame in frames):
        raise LearnerError("scan-no-position", path=path, n=len(frames))
    normal = np.cross(frames[0].along_x, frames[0].along_y)
    frames = sorted(frames, key=lambda frame: float(normal @ frame.position))
    heights = np.array([normal @ frame.position for frame in frames])
    _refuse_copies_at_one_place(path, heights)
    _refuse_gaps(path, heights)
    step = (frames[-1].position - frames[0].position) / (len(frames) - 1)
    return _grid(frames, step), frames


def _refuse_mixed(path: Path, frames: list[Frame]) -> None:
    """Localisers and reformats sometimes carry the number of the series they belong to."""
    kinds: dict[tuple, int] = {}
    for frame in frames:
        axes = np.round([*frame.along_x, *frame.along_y], 3) + 0.0  # + 0.0: no -0.0
        kind = (frame.rows, frame.columns, frame.spacing, tuple(axes.tolist()))
        kinds[kind] = kinds.get(kind, 0) + 1
    if len(kinds) > 1:
        told = "; ".join(
            say("scan-kind-of-slice", n=n, size=f"{rows} × {columns}", spacing=spacing, axes=axes)
            for (rows, columns, spacing, axes), n in kinds.items()
        )
        raise LearnerError("scan-mixed-series", path=path, n=len(kinds), kinds=told)


def _refuse_copies_at_one_place(path: Path, heights: np.ndarray) -> None:
    """Phases, echoes or b-values share their places: this is several volumes, not one."""
    places = 1 + int((np.diff(heights) > 1e-3).sum())
    if places == len(heights):
        return
    if places == 1:
        raise LearnerError("scan-all-at-one-place", path=path, n=len(heights), at=heights[0])
    raise LearnerError(
        "scan-several-volumes", path=path, n=len(heights), places=places, each=f"{len(heights) / places:.4g}"
    )


def _refuse_gaps(path: Path, heights: np.ndarray) -> None:
    """Missing slices and irregular steps; rounding in the headers is fine."""
    gaps = np.diff(heights)
    step = float(np.median(gaps))
    regular = np.linspace(heights[0], heights[-1], len(heights))
    if np.abs(heights - regular).max() <= TOLERANCE_STEPS * step:
        return
    times = np.rint(gaps / step)
    if (np.abs(gaps - times * step) <= 2 * TOLERANCE_STEPS * step).all() and times.min() >= 1:
        at = int(np.argmax(times))
        raise LearnerError(
            "scan-missing-slices",
            path=path,
            n=int((times - 1).sum()),
            found=len(heights),
            low=heights[at],
            high=heights[at + 1],
            step=step,
        )
    raise LearnerError("scan-irregular", path=path, least=gaps.min(), most=gaps.max(), median=step)


def _one_slice(path: Path, frame: Frame) -> Grid:
    """A single slice: its thickness is its step."""
    if frame.position is None or frame.spacing is None or not frame.thickness:
        warn("scan-slice-unplaced", path=path, thickness=frame.thickness or 1.0)
    normal = np.cross(frame.along_x, frame.along_y)
    return _grid([frame], normal * (frame.thickness or 1.0))


def _grid(frames: list[Frame], step: np.ndarray) -> Grid:
    first = frames[0]
    dy, dx = first.spacing or (1.0, 1.0)
    affine = np.eye(4)
    affine[:3, 0] = step
    affine[:3, 1] = np.asarray(first.along_y) * dy
    affine[:3, 2] = np.asarray(first.along_x) * dx
    affine[:3, 3] = first.position if first.position is not None else 0.0
    return checked(Grid((len(frames), first.rows, first.columns), affine))


# ---------------------------------------------------------------- voxels


def _planes(frames: list[Frame]) -> Iterator[np.ndarray]:
    """The stored pixels of the frames, one after the other; a file is opened once for its frames in a row."""
    for path, run in groupby(frames, key=lambda frame: frame.path):
        yield from _pixels(path, [frame.index for frame in run])


def _pixels(path: Path, indices: list[int]) -> Iterator[np.ndarray]:
    from pydicom.pixels import iter_pixels

    try:
        yield from iter_pixels(path, raw=True, indices=indices)
    except (LearnerError, PermissionError):
        raise
    except Exception as error:  # a damaged file makes pydicom and its plugins raise whatever they meet
        raise _why_not_decoded(path, error) from None


def _why_not_decoded(path: Path, error: Exception) -> LearnerError:
    """Tell a file that ends early from one that is damaged in another way."""
    import pydicom

    try:
        file = pydicom.dcmread(path, force=True)
        bits = file.Rows * file.Columns * file.BitsAllocated * int(file.get("NumberOfFrames") or 1)
        found, expected = len(file.PixelData), bits // 8
    except Exception:
        found = expected = 0
    if (
        not getattr(error, "filename", None)
        and 0 < found < expected
        and not file["PixelData"].is_undefined_length
    ):
        return LearnerError("scan-truncated", path=path, found=found, expected=expected)
    detail = " ".join(str(error).split())[:200] or type(error).__name__
    return LearnerError("scan-damaged", path=path, detail=detail)
