"""What odd input is told: the right sentence, with the values, in both languages."""

import warnings

import numpy as np
import pytest

import rgteach as rg
from rgteach import wording
from rgteach.errors import LearnerError, LearnerWarning

RNG = np.random.default_rng(0)
IMAGE = RNG.normal(100, 20, (4, 5, 6))
MASK = np.ones(IMAGE.shape, np.uint8)
LABELS = np.where(IMAGE > 100, 255, 2)
VOI = rg.voi(IMAGE, MASK)
LEVELS = rg.quantise(VOI, bin_count=8)


def only(*places):
    mask = np.zeros(IMAGE.shape, np.uint8)
    for place in places:
        mask[place] = 1
    return mask


def with_values(image, *values):
    image = image.copy()
    image.flat[: len(values)] = values
    return image


WRONG = [
    ("label-absent", lambda: rg.voi(IMAGE, LABELS, 2.0), ["label 2:", "label 255:", "ml", "label="]),
    ("label-absent", lambda: rg.voi(IMAGE, MASK * 255), ["label 255: 120 voxels, 0.12 ml", "label=255"]),
    ("label-absent", lambda: rg.voi(IMAGE, np.arange(120).reshape(4, 5, 6) * 3 + 2), ["110 more"]),
    ("bad-label", lambda: rg.voi(IMAGE, MASK, label="tumour"), ["tumour"]),
    ("bad-label", lambda: rg.voi(IMAGE, MASK, label=0), ["0"]),
    ("mask-not-whole", lambda: rg.voi(IMAGE, MASK * 0.5), ["0.5", "120"]),
    ("mask-not-whole", lambda: rg.voi(IMAGE, with_values(MASK * 1.0, np.nan)), ["nan"]),
    ("empty-mask", lambda: rg.voi(IMAGE, MASK * 0), ["120"]),
    ("empty-mask", lambda: rg.glcm(MASK * 0), ["120"]),
    ("one-voxel", lambda: rg.voi(IMAGE, only((1, 2, 3))), []),
    ("one-line", lambda: rg.voi(IMAGE, only((1, slice(None), 3))), ["5 voxels", "along y"]),
    ("shapes-differ", lambda: rg.voi(IMAGE, MASK[1:]), ["4 × 5 × 6", "3 × 5 × 6"]),
    ("not-3d", lambda: rg.voi(IMAGE[None], MASK), ["1 × 4 × 5 × 6", "4 dimensions"]),
    ("not-3d", lambda: rg.voi(IMAGE.ravel(), MASK), ["120"]),
    ("colour-image", lambda: rg.voi(np.ones((4, 5, 6, 3)), MASK), ["4 × 5 × 6 × 3"]),
    ("colour-image", lambda: rg.voi(np.ones((5, 6, 3)), MASK[0]), ["5 × 6 × 3"]),
    ("bool-image", lambda: rg.voi(MASK > 0, MASK), []),
    ("not-a-number-image", lambda: rg.voi(IMAGE + 1j, MASK), ["complex128"]),
    (
        "not-finite",
        lambda: rg.voi(with_values(IMAGE, np.nan, np.inf, np.nan), MASK),
        ["2 are NaN", "1 are inf"],
    ),
    ("bad-spacing", lambda: rg.voi(IMAGE, MASK, (1, -1, 1)), ["-1"]),
    ("bad-spacing", lambda: rg.voi(IMAGE, MASK, (1, 0, 1)), ["0"]),
    ("bad-spacing", lambda: rg.voi(IMAGE, MASK, (1, 1, 1, 1)), ["(1, 1, 1, 1)"]),
    ("bad-spacing", lambda: rg.voi(IMAGE, MASK, "1 mm"), ["1 mm"]),
    ("not-a-voi", lambda: rg.quantise(IMAGE, bin_count=8), ["ndarray"]),
    ("not-a-voi", lambda: rg.firstorder(IMAGE), ["ndarray"]),
    ("flat-voi", lambda: rg.quantise(rg.voi(MASK * 7, MASK), bin_width=1), ["120", "7"]),
    ("both-bins", lambda: rg.quantise(VOI, bin_count=8, bin_width=1), []),
    ("no-bins", lambda: rg.quantise(VOI), []),
    ("bad-bin-count", lambda: rg.quantise(VOI, bin_count=0.5), ["0.5"]),
    ("bad-bin-count", lambda: rg.quantise(VOI, bin_count="many"), ["many"]),
    ("bad-bin-width", lambda: rg.quantise(VOI, bin_width=-25), ["-25"]),
    ("bad-bin-width", lambda: rg.quantise(VOI, bin_width="wide"), ["wide"]),
    ("below-minimum", lambda: rg.quantise(VOI, bin_width=5, minimum=100), ["100"]),
    ("minimum-unused", lambda: rg.quantise(VOI, bin_count=8, minimum=0), ["0"]),
    ("too-many-levels", lambda: rg.quantise(VOI, bin_width=1e-6), ["1024", "2.5"]),
    ("too-many-levels", lambda: rg.quantise(VOI, bin_count=100_000), ["100,000"]),
    ("too-many-levels", lambda: rg.quantise(VOI, bin_width=5e-324), ["inf"]),
    ("levels-too-high", lambda: rg.glcm(MASK.astype(int) * 2000), ["2,000"]),
    ("empty-mask", lambda: rg.glcm(np.zeros((0, 3, 3), int)), ["0"]),
    ("glcm-is-counted", lambda: rg.features(rg.glcm(LEVELS), distance=2), ["3d-averaged"]),
    ("glcm-is-counted", lambda: rg.features(rg.glcm(LEVELS), offsets=np.eye(3, dtype=int)), []),
    ("voi-not-levels", lambda: rg.glcm(VOI), []),
    ("not-levels", lambda: rg.glcm(IMAGE), []),
    ("not-levels", lambda: rg.glcm(-MASK.astype(int)), ["-1"]),
    ("one-gray-level", lambda: rg.glcm(MASK * 3), ["120", "level, 3"]),
    ("one-gray-level", lambda: rg.features(MASK * 3), ["120"]),
    ("no-pairs", lambda: rg.glcm(LEVELS, distance=9), ["9"]),
    ("no-pairs", lambda: rg.features(LEVELS, distance=9), ["9"]),
    ("bad-distance", lambda: rg.glcm(LEVELS, distance=0), ["0"]),
    ("bad-distance", lambda: rg.glcm(LEVELS, distance=1.5), ["1.5"]),
    ("bad-offsets", lambda: rg.glcm(LEVELS, offsets=[[0, 0, 0]]), ["[0, 0, 0]"]),
    ("bad-offsets", lambda: rg.glcm(LEVELS, offsets=[[0.5, 0, 1]]), ["0.5"]),
    ("bad-offsets", lambda: rg.glcm(LEVELS, offsets=[[0, 1]]), ["[0, 1]"]),
    (
        "offsets-leave-slice",
        lambda: rg.glcm(LEVELS, offsets=[[1, 0, 0]], aggregation="2d-merged"),
        ["1, 0, 0"],
    ),
    ("unknown-option", lambda: rg.glcm(LEVELS, aggregation="3d_average"), ["'3d-averaged'"]),
    ("unknown-option", lambda: rg.quantise(VOI, bin_count=8, convention="PyRadiomics"), ["'pyradiomics'"]),
    ("unknown-option", lambda: rg.features(LEVELS, convention="isbi"), ["'ibsi'"]),
    ("unknown-setting", lambda: rg.quantise(VOI, binwidth=5), ["'binwidth'", "'bin_width'"]),
    ("unknown-setting", lambda: rg.voi(IMAGE, MASK, spacing=1), ["'spacing_mm'"]),
    ("unknown-setting", lambda: rg.glcm(LEVELS, symetric=False), ["'symmetric'"]),
    ("unknown-setting", lambda: rg.firstorder(VOI, level=LEVELS), ["'levels'"]),
    ("unknown-feature", lambda: rg.features(LEVELS)["contarst"], ["'contrast'"]),
]


@pytest.mark.parametrize(("key", "act", "says"), WRONG, ids=[f"{i}-{w[0]}" for i, w in enumerate(WRONG)])
def test_wrong_input__gets_its_own_words(key, act, says):
    with pytest.raises(LearnerError) as caught:
        act()
    assert caught.value.key == key
    for part in says:
        assert part in str(caught.value)
    wording.choose("zh")
    assert "原因" in str(caught.value)


WARNED = [
    ("one-level", lambda: rg.quantise(VOI, bin_width=1000), ["bin_width=1000", "one bin"]),
    ("one-level", lambda: rg.quantise(VOI, bin_count=1), ["bin_count=1"]),
    (
        "many-levels",
        lambda: rg.quantise(VOI, bin_width=0.25),
        ["gray levels, more than 256", "bin_width=2.5"],
    ),
    ("many-levels", lambda: rg.quantise(VOI, bin_count=500), ["500 gray levels"]),
]


@pytest.mark.parametrize(("key", "act", "says"), WARNED, ids=[f"{i}-{w[0]}" for i, w in enumerate(WARNED)])
def test_doubtful_bins__are_done_and_warned_of_at_the_callers_line(key, act, says):
    with pytest.warns(LearnerWarning) as caught:
        act()
    assert len(caught) == 1
    assert caught[0].filename == __file__
    for part in says:
        assert part in str(caught[0].message)


def test_better_width__gives_a_good_number_of_levels():
    for scale in (1e-3, 1.0, 7.0, 4e4):
        region = rg.voi(IMAGE * scale, MASK)
        with pytest.warns(LearnerWarning) as caught:
            rg.quantise(region, bin_width=1000 * scale)
        width = float(str(caught[0].message).split("bin_width=")[-1].split()[0])
        assert 20 <= rg.quantise(region, bin_width=width).n_levels <= 50


def test_scaled_float_masks__count_as_their_label():
    nearly = MASK * np.float64(0.9999999998)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rg.voi(IMAGE, nearly).n_voxels == 120
        assert rg.voi(IMAGE, MASK * 255, label=255).n_voxels == 120
        assert rg.voi(IMAGE, MASK * np.float32(1e0)).n_voxels == 120
