"""One case, one row: every feature of a VOI, with where it came from."""

from __future__ import annotations

import platform
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach import views, wording
from rgteach.doors import door, one_of
from rgteach.errors import LearnerWarning
from rgteach.image.checks import CONVENTIONS
from rgteach.image.features import Features
from rgteach.image.firstorder import firstorder
from rgteach.image.quantise import Levels, quantise
from rgteach.image.reading import Reading, is_path, read_voi
from rgteach.image.texture import AGGREGATIONS, features

DEFAULT_BIN_COUNT = 32
SUFFIXES = (".nii.gz", ".hdr.gz", ".img.gz", ".gipl.gz", ".seg.nrrd")


@dataclass(frozen=True, eq=False, repr=False)
class Row(Mapping):
    """One case: `row["cm_contrast"]`, `dict(row)`, or a line of a table.

    Attributes
    ----------
    provenance : dict
        Case, files and their SHA-256, versions, settings, geometry, counts and warnings.
    families : tuple of Features
        First-order and texture features with their IBSI codes.
    """

    provenance: dict[str, object]
    families: tuple[Features, ...]

    @property
    def features(self) -> dict[str, float]:
        """The features alone, by their column names."""
        return {name: value for family in self.families for name, value in family.columns().items()}

    def to_dict(self) -> dict[str, object]:
        """Provenance and features, in the order of the columns."""
        return {**self.provenance, **self.features}

    def __getitem__(self, column: str) -> object:
        if column in self.provenance:
            return self.provenance[column]
        return self.features[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_dict())

    def __len__(self) -> int:
        return len(self.provenance) + sum(len(family) for family in self.families)

    def facts(self) -> dict[str, str]:
        """What a reader wants to see first."""
        p = self.provenance
        bins = f"bin_count = {p['bin_count']}" if p["bin_count"] else f"bin_width = {p['bin_width']:g}"
        size, step = ([p[f"{what}_{axis}"] for axis in "zyx"] for what in ("size", "spacing_mm"))
        return {
            wording.say("row-image"): str(p["image"]),
            wording.say("row-mask"): str(p["mask"]),
            wording.say("row-region"): wording.say(
                "row-region-facts", label=p["label"], n=f"{p['n_voxels']:,}", ml=f"{p['volume_ml']:.4g}"
            ),
            wording.say("row-grid"): " × ".join(map(str, size))
            + ", "
            + " × ".join(f"{mm:.4g}" for mm in step)
            + f" mm {p['orientation']}".rstrip(),
            wording.say("row-range"): f"{p['intensity_min']:.6g} … {p['intensity_max']:.6g}",
            wording.say("row-settings"): f"{bins} ({p['n_levels']}), {p['convention']}, {p['aggregation']}, "
            f"distance = {p['distance']}",
        }

    def __repr__(self) -> str:
        head = views.text_card(f"Row: {self.provenance['case']}", self.facts())
        return "\n".join([head, *map(repr, self.families)])

    def _repr_html_(self) -> str:
        header = [wording.say(f"features-{part}") for part in ("name", "value", "code")]
        entries = (entry for family in self.families for entry in family.entries)
        rows = [(entry.column, f"{entry.value:.6g}", entry.code) for entry in entries]
        return views.card(str(self.provenance["case"]), self.facts(), below=views.table(header, rows))


@door
def extract(
    image: object,
    mask: object,
    *,
    label: int = 1,
    bin_count: int | None = None,
    bin_width: float | None = None,
    convention: str = "ibsi",
    aggregation: str = "3d-averaged",
    distance: int = 1,
    spacing_mm: object = None,
    case: str | None = None,
    series: str | None = None,
) -> Row:
    """All features of one region of one scan, with where they came from.

    Parameters
    ----------
    image, mask : path or array
        A NIfTI file, a DICOM file or folder, a file that SimpleITK reads, or an array (z, y, x).  Both lie on
        one grid; only the part of the image inside the mask's box is read.
    label : int
        Which label of the mask.
    bin_count, bin_width
        How to quantise, as in `rg.quantise`; 32 bins if neither is given.
    convention : "ibsi" or "pyradiomics"
        Whose definitions and column names: `cm_contrast`, or `original_glcm_Contrast`.
    aggregation, distance
        As in `rg.glcm`.
    spacing_mm : (dz, dy, dx), optional
        Voxel size of arrays, 1 mm without it.  Files say their own.
    case : str, optional
        Name of the row; the name of the image without it.
    series : str, optional
        Which series of a DICOM folder: its number, its UID or a part of its description.

    Returns
    -------
    Row

    Raises
    ------
    LearnerError
        If a file cannot be read, the grids differ, or the region cannot carry features.

    References
    ----------
    IBSI, doi:10.1148/radiol.2020191145; PyRadiomics, doi:10.1158/0008-5472.CAN-17-0339.

    Examples
    --------
    >>> row = extract(np.array([[1, 2], [3, 6]]), np.ones((2, 2)), bin_width=1)
    >>> row["n_voxels"], row["n_levels"], row["stat_mean"], row["cm_contrast"]
    (4, 6, 3.0, 10.25)

    The contrast is the mean of 5 (along rows), 10 (along columns), 25 and 1 (along the diagonals).
    """
    one_of("convention", convention, CONVENTIONS)
    one_of("aggregation", aggregation, AGGREGATIONS)
    if bin_count is None and bin_width is None:
        bin_count = DEFAULT_BIN_COUNT
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reading = read_voi(image, mask, label=label, spacing_mm=spacing_mm, series=series)
        levels = quantise(reading.voi, bin_count=bin_count, bin_width=bin_width, convention=convention)
        families = (
            firstorder(reading.voi, levels, convention),
            features(levels, distance, aggregation, convention=convention),
        )
    width = None if bin_width is None else float(bin_width)
    settings = {"bin_count": bin_count, "bin_width": width, "convention": convention}
    settings |= {"aggregation": aggregation, "distance": int(distance)}
    found = {**_geometry(reading), **_counts(reading, levels)}
    told = {"warnings": " | ".join(_told_again(caught))}
    return Row({**_sources(case, image, mask, label), **settings, **found, **told}, families)


def _sources(case: str | None, image: object, mask: object, label: int) -> dict[str, object]:
    """What was asked for, and with which versions."""
    import rgteach

    return {
        "case": case if case is not None else _name(image),
        "image": str(image) if is_path(image) else "array",
        "mask": str(mask) if is_path(mask) else "array",
        "label": label,
        "rgteach_version": rgteach.__version__,
        "numpy_version": np.__version__,
        "python_version": platform.python_version(),
    }


def _name(source: object) -> str:
    """A path's name without its suffix; an array has none."""
    if not is_path(source):
        return "array"
    path = Path(source)
    if path.is_dir():
        return path.resolve().name
    double = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), path.suffix)
    return path.name[: len(path.name) - len(double)] or path.name


def _geometry(reading: Reading) -> dict[str, object]:
    """Sizes and steps of the image, and how the mask lies on it."""
    image, lies = reading.image, reading.fit
    placed = lies is not None
    spacing = reading.voi.spacing_mm
    return {
        "image_sha256": image.sha256(),
        "mask_sha256": reading.mask.sha256(),
        "image_format": image.kind,
        **{f"size_{axis}": n for axis, n in zip("zyx", image.grid.shape, strict=True)},
        **{f"spacing_mm_{axis}": mm for axis, mm in zip("zyx", spacing, strict=True)},
        "orientation": image.grid.orientation if placed else "",
        "mask_orientation": reading.mask.grid.orientation if placed else "",
        "mask_off_voxels": round(lies.off_voxels, 6) if placed else np.nan,
        "rescale_slope": image.slope,
        "rescale_intercept": image.intercept,
    }


def _counts(reading: Reading, levels: Levels) -> dict[str, object]:
    region = reading.voi
    return {
        "mask_labels": _short_list(sorted(reading.labels)),
        **{f"box_{axis}": f"{at.start}:{at.stop}" for axis, at in zip("zyx", region.box, strict=True)},
        "n_voxels": region.n_voxels,
        "volume_ml": region.volume_ml,
        "intensity_min": region.minimum,
        "intensity_max": region.maximum,
        "n_levels": levels.n_levels,
    }


def _short_list(labels: list[int]) -> str:
    """Labels with spaces between; a parcellation with hundreds of them is cut in the middle."""
    if len(labels) <= 20:
        return " ".join(map(str, labels))
    return " ".join(map(str, [*labels[:3], "…", labels[-1], f"({len(labels)})"]))


def _told_again(caught: list) -> list[str]:
    """Pass recorded warnings on to the caller; return the first line of each of ours, once."""
    lines = []
    for warning in caught:
        if issubclass(warning.category, LearnerWarning):
            warnings.warn(warning.message, stacklevel=4)  # this, extract, its door, the caller
            lines.append(str(warning.message).splitlines()[0])
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return list(dict.fromkeys(lines))
