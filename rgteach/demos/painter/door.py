"""The door to the painter: `rg.paint`."""

from __future__ import annotations

from rgteach.doors import door


@door
def paint(
    source: object = "glioma",
    *,
    sequence: str | None = None,
    mask: object = None,
    n_levels: int = 32,
    distance: int = 1,
    series: str | None = None,
    spacing_mm: object = None,
):
    """Paint a region on a slice and watch its levels, its pairs and its features follow.

    Parameters
    ----------
    source : str, path, array, or an object of `rg.cohorts`
        "glioma" (simulated), "brain" (MNI152), "ct" or "mr" (small real slices), a NIfTI file, a DICOM file
        or folder, an array (z, y, x) or (y, x), or what `rg.cohorts.glioma(2)` and its like return.
    sequence : str, optional
        Of a glioma: "T1", "T1c", "T2" or "FLAIR".
    mask : array or path, optional
        What region a holds to begin with, on the same grid; every label but 0 belongs to it.  For both
        regions a dict {"a": …, "b": …}.
    n_levels : 8, 16, 32 or 64
        Bins of equal width between the lowest and the highest intensity of the painted region.
    distance : int
        Of the two voxels of a pair, 1 to 5 voxels within the slice.
    series : str, optional
        Of a DICOM folder with several: its number, its UID or a part of its description.
    spacing_mm : (dz, dy, dx), optional
        Voxel size of an array, 1 mm without it.  A file says its own.

    Returns
    -------
    Painter
        Shows itself as the last line of a cell: live where a front end listens, else as a picture.  Keep it
        in a variable: what is painted is in `p.mask`, `p.features`, `p.table()`, `p.save("mask.nii.gz")`.

    Raises
    ------
    LearnerError
        If the image or the mask cannot be read, is not one volume of gray values, or the two do not fit.

    Notes
    -----
    The numbers are those of the public doors: `rg.voi`, `rg.quantise(bin_count=n_levels)`, and `rg.features`
    with `aggregation="2d-merged"` on the slice shown.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.arange(64.0).reshape(8, 8)
    >>> painter = paint(image, mask=image > 20, n_levels=8)
    >>> int(painter.mask.sum()), round(painter.features["contrast"], 2)
    (43, 1.82)
    """
    from rgteach.demos.painter.messages import distance_of, n_levels_of
    from rgteach.demos.painter.sources import open_source
    from rgteach.demos.painter.widget import Painter

    n_levels, distance = n_levels_of(n_levels), distance_of(distance)
    found = open_source(source, sequence=sequence, series=series, spacing_mm=spacing_mm)
    return Painter(found, mask=mask, n_levels=n_levels, distance=distance)
