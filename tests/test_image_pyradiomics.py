"""The pyradiomics convention against PyRadiomics itself, where that is installed."""

import logging

import numpy as np
import pytest

import rgteach as rg

sitk = pytest.importorskip("SimpleITK")
radiomics = pytest.importorskip("radiomics", reason="PyRadiomics is not installed: nothing to compare with")
logging.getLogger("radiomics").setLevel(logging.CRITICAL)

SPACING_MM = (3.0, 1.0, 0.5)
SETTINGS = [
    {"bin_count": 32},
    {"bin_count": 7},
    {"bin_width": 25},
    {"bin_width": 17.3},
]


def case(dtype, seed=0):
    """A noisy gradient under a mask with holes."""
    rng = np.random.default_rng(seed)
    z, y, x = np.indices((7, 12, 13))
    image = 40 * np.sin(x / 3) + 30 * np.cos(y / 4) + 9 * z + rng.normal(0, 25, z.shape) + 300
    return image.astype(dtype), (rng.random(z.shape) > 0.3).astype(np.uint8)


def theirs(family, image, mask, setting, **more):
    """What PyRadiomics says, with every feature of a family enabled."""
    pictures = [sitk.GetImageFromArray(array) for array in (image, mask)]
    for picture in pictures:
        picture.SetSpacing(SPACING_MM[::-1])
    name = {"bin_count": "binCount", "bin_width": "binWidth"}
    settings = {name[key]: value for key, value in setting.items()} | more
    features = family(*pictures, **settings)
    features.enableAllFeatures()
    return {key: float(np.squeeze(value)) for key, value in features.execute().items()}


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_firstorder__is_pyradiomics(dtype, setting):
    from radiomics.firstorder import RadiomicsFirstOrder

    image, mask = case(dtype)
    region = rg.voi(image, mask, SPACING_MM)
    levels = rg.quantise(region, convention="pyradiomics", **setting)
    ours = rg.firstorder(region, levels, convention="pyradiomics")
    expected = theirs(RadiomicsFirstOrder, image, mask, setting)
    assert ours.to_dict() == pytest.approx(expected, rel=1e-9)


def test_firstorder__without_levels_uses_their_width():
    from radiomics.firstorder import RadiomicsFirstOrder

    image, mask = case(np.float32)
    ours = rg.firstorder(rg.voi(image, mask, SPACING_MM), convention="pyradiomics")
    assert ours.to_dict() == pytest.approx(theirs(RadiomicsFirstOrder, image, mask, {}), rel=1e-9)


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("distance", [1, 2])
def test_glcm__is_pyradiomics(dtype, setting, distance):
    """To 1e-7: PyRadiomics adds 2e-16 under each logarithm and to each denominator, we leave zeros out."""
    from radiomics.glcm import RadiomicsGLCM

    image, mask = case(dtype)
    levels = rg.quantise(rg.voi(image, mask, SPACING_MM), convention="pyradiomics", **setting)
    ours = rg.features(levels, distance=distance, convention="pyradiomics")
    expected = theirs(RadiomicsGLCM, image, mask, setting, distances=[distance])
    assert ours.to_dict() == pytest.approx(expected, rel=1e-7)


def test_glcm__by_slices_is_their_force2d():
    from radiomics.glcm import RadiomicsGLCM

    image, mask = case(np.int16, seed=1)
    levels = rg.quantise(rg.voi(image, mask, SPACING_MM), bin_width=25, convention="pyradiomics")
    ours = rg.features(levels, aggregation="2.5d-direction-merged", convention="pyradiomics")
    expected = theirs(RadiomicsGLCM, image, mask, {"bin_width": 25}, force2D=True)
    assert ours.to_dict() == pytest.approx(expected, rel=1e-7)


def test_glcm__asymmetric_is_pyradiomics_along_their_directions():
    from radiomics import cMatrices
    from radiomics.glcm import RadiomicsGLCM

    image, mask = case(np.int16, seed=1)
    levels = rg.quantise(rg.voi(image, mask, SPACING_MM), bin_width=25, convention="pyradiomics")
    args = (levels.levels.astype(int), levels.levels > 0, np.array([1]), levels.n_levels, False, 0)
    angles = np.array(cMatrices.calculate_glcm(*args)[1])
    ours = rg.features(levels, symmetric=False, offsets=angles, convention="pyradiomics")
    expected = theirs(RadiomicsGLCM, image, mask, {"bin_width": 25}, symmetricalGLCM=False)
    assert ours.to_dict() == pytest.approx(expected, rel=1e-7)
