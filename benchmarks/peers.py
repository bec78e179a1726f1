"""What each tool is asked to do.  A tool that is not installed is left out, and the report says so.

Every job is prepared first (images in the form the tool likes, settings made) and only then timed.
"""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Callable

import numpy as np

import rgteach as rg
from benchmarks.shapes import N_LEVELS, Case

Job = Callable[[], object]
DISTRIBUTIONS = {
    "rgteach": None,
    "PyRadiomics": "pyradiomics",
    "pictologics": "pictologics",
    "mahotas": "mahotas",
}


def version(tool: str) -> str | None:
    """Installed version of a tool, or None."""
    name = DISTRIBUTIONS[tool]
    try:
        return importlib.metadata.version(name) if name else rg.__version__
    except importlib.metadata.PackageNotFoundError:
        return None


def jobs(case: Case) -> dict[tuple[str, str], Job]:
    """Every (task, tool) that can be timed here."""
    found = {(task, "rgteach"): job for task, job in _ours(case).items()}
    for tool, make in (("PyRadiomics", _pyradiomics), ("pictologics", _pictologics), ("mahotas", _mahotas)):
        if version(tool):
            found |= {(task, tool): job for task, job in make(case).items()}
    return found


def _ours(case: Case) -> dict[str, Job]:
    voi, whole = case.voi, case.whole_voi
    levels = rg.quantise(voi, bin_count=N_LEVELS)
    whole_levels = rg.quantise(whole, bin_count=N_LEVELS)

    def with_bins(region):
        return rg.firstorder(region, rg.quantise(region, bin_count=N_LEVELS), "pyradiomics")

    def everything():
        region = rg.voi(case.image, case.mask)
        return rg.features(rg.quantise(region, bin_count=N_LEVELS))

    return {
        "GLCM, 13 averaged": lambda: rg.features(levels),
        "GLCM, merged": lambda: rg.features(levels, aggregation="3d-merged"),
        "image to GLCM features": everything,
        "first order, float": lambda: rg.firstorder(voi, levels, "pyradiomics"),
        "first order, integer": lambda: rg.firstorder(whole, whole_levels, "pyradiomics"),
        "first order with binning, float": lambda: with_bins(voi),
        "first order with binning, integer": lambda: with_bins(whole),
        "quantise, integer": lambda: rg.quantise(whole, bin_count=N_LEVELS),
        "quantise, float": lambda: rg.quantise(voi, bin_count=N_LEVELS),
    }


def _pyradiomics(case: Case) -> dict[str, Job]:
    import SimpleITK as sitk
    from radiomics.firstorder import RadiomicsFirstOrder
    from radiomics.glcm import RadiomicsGLCM

    logging.getLogger("radiomics").setLevel(logging.CRITICAL)
    mask = sitk.GetImageFromArray(case.mask)
    image, whole = (sitk.GetImageFromArray(array) for array in (case.image, case.whole))
    levels = sitk.GetImageFromArray(case.levels)

    def run(family, picture, **setting):
        features = family(picture, mask, **setting)
        features.enableAllFeatures()
        return features.execute()

    def first_order(picture):
        return lambda: run(RadiomicsFirstOrder, picture, binCount=N_LEVELS)

    return {
        "GLCM, 13 averaged": lambda: run(RadiomicsGLCM, levels, binWidth=1),
        "image to GLCM features": lambda: run(RadiomicsGLCM, image, binCount=N_LEVELS),
        "first order, float": first_order(image),
        "first order, integer": first_order(whole),
        "first order with binning, float": first_order(image),
        "first order with binning, integer": first_order(whole),
    }


def _pictologics(case: Case) -> dict[str, Job]:
    from pictologics.features.texture import calculate_glcm_features

    levels, mask = case.levels, case.mask
    return {"GLCM, merged": lambda: calculate_glcm_features(levels, mask, N_LEVELS)}


def _mahotas(case: Case) -> dict[str, Job]:
    from mahotas.features import haralick

    levels = case.levels
    return {"GLCM, 13 averaged": lambda: haralick(levels, ignore_zeros=True)}


def same_answers(case: Case) -> list[str]:
    """Check that the tools which are timed against each other agree, and say so; an assertion otherwise."""
    made = {key: job() for key, job in jobs(case).items()}
    said = []
    if version("PyRadiomics"):
        theirs = made["GLCM, 13 averaged", "PyRadiomics"]
        ours = rg.features(case.levels, convention="pyradiomics")
        worst = max(abs(float(np.squeeze(v)) / ours[k] - 1) for k, v in theirs.items())
        assert worst < 1e-6, f"PyRadiomics' GLCM features differ by {worst:.1e}"
        said.append(f"PyRadiomics' 24 GLCM features agree to {worst:.0e}")
        theirs = made["first order, float", "PyRadiomics"]
        ours = made["first order, float", "rgteach"]
        worst = max(abs(float(np.squeeze(v)) - ours[k]) / (abs(ours[k]) + 1) for k, v in theirs.items())
        assert worst < 1e-6, f"PyRadiomics' first-order features differ by {worst:.1e}"
        said.append(f"its 18 first-order features to {worst:.0e}")
    if version("pictologics"):
        theirs, ours = made["GLCM, merged", "pictologics"], made["GLCM, merged", "rgteach"]
        codes = {code: ours[name] for name, code in ours.codes().items()}
        pairs = [(v, codes[k.rsplit("_", 1)[-1]]) for k, v in theirs.items() if k.rsplit("_", 1)[-1] in codes]
        assert len(pairs) == 25, f"only {len(pairs)} of pictologics' features were recognised"
        worst = max(abs(a - b) / (abs(b) + 1) for a, b in pairs)
        assert worst < 1e-6, f"pictologics' GLCM features differ by {worst:.1e}"
        said.append(f"pictologics' 25 to {worst:.0e}")
    return said
