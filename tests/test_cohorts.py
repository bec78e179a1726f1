"""The synthetic gliomas keep their promise."""

from functools import cache

import numpy as np
import pytest

import rgteach as rg

PAIRED_SEEDS = range(1, 7)
glioma = cache(rg.cohorts.glioma)  # a patient is only read, and takes a quarter of a second to grow


@pytest.fixture(scope="module")
def cohort():
    return rg.cohorts.gliomas(40, seed=0)


@pytest.fixture(scope="module")
def features(cohort):
    """One row a patient: moments and two GLCM features of FLAIR, the same two of T1."""
    table = {name: [] for name in ("mean", "variance", "skewness", "kurtosis", "contrast", "correlation",
                                   "t1_contrast", "t1_correlation", "volume")}  # fmt: skip
    for patient in cohort:
        crop = patient.crop
        voi = rg.voi(crop.image("FLAIR"), crop.tumour, crop.spacing_mm)
        moments = rg.firstorder(voi)
        flair = rg.features(rg.quantise(voi, bin_count=32))
        t1 = rg.features(rg.quantise(rg.voi(crop.image("T1"), crop.tumour), bin_count=32))
        for name in ("mean", "variance", "skewness", "kurtosis"):
            table[name].append(moments[name])
        for name in ("contrast", "correlation"):
            table[name].append(flair[name])
            table[f"t1_{name}"].append(t1[name])
        table["volume"].append(patient.truth.volume_ml["whole"])
    return {name: np.array(values) for name, values in table.items()}


def auc(values, positive):
    """Share of pairs in which the positive patient has the higher value."""
    a, b = values[positive][:, None], values[~positive][None]
    return np.mean((a > b) + 0.5 * (a == b))


# ---- one patient


def test_glioma__same_seed_gives_the_same_patient():
    a, b = rg.cohorts.glioma(3), rg.cohorts.glioma(3)
    assert a.truth == b.truth
    assert np.array_equal(a.crop.image("T2"), b.crop.image("T2"))
    assert not np.array_equal(a.labels, rg.cohorts.glioma(4).labels)


def test_glioma__is_the_same_tumour_on_every_machine():
    truth = rg.cohorts.glioma(1).truth
    assert truth.seed_voxel == (99, 69, 58)
    assert truth.seed_mni_mm == (18.0, 8.0, 27.0)
    assert truth.texture_scale_mm == pytest.approx(1.573002, abs=1e-5)
    assert truth.volume_ml["whole"] == pytest.approx(36.63, rel=0.01)


@pytest.mark.parametrize("seed", PAIRED_SEEDS)
@pytest.mark.parametrize("modality", ["FLAIR", "T2"])
def test_mutation__leaves_shape_and_histogram_of_every_part_and_moves_the_voxels(seed, modality):
    plain, mutated = glioma(seed).crop, glioma(seed, mutated=True).crop
    assert np.array_equal(plain.labels, mutated.labels)
    a, b = plain.image(modality), mutated.image(modality)
    for label in np.unique(plain.labels[plain.labels > 0]):
        part = plain.labels == label
        assert np.array_equal(np.sort(a[part]), np.sort(b[part]))
    assert np.mean(a[plain.tumour] != b[plain.tumour]) > 0.9
    assert np.array_equal(a[~plain.tumour], b[~plain.tumour])


@pytest.mark.parametrize("modality", ["T1", "T1c"])
def test_mutation__does_not_touch_t1(modality):
    plain, mutated = glioma(2).crop, glioma(2, mutated=True).crop
    assert np.array_equal(plain.image(modality), mutated.image(modality))


def test_glioma__crop_is_a_piece_of_the_whole():
    patient = glioma(2)
    assert np.array_equal(patient.image("T1c")[patient.box], patient.crop.image("T1c"))
    assert np.array_equal(patient.labels[patient.box], patient.crop.labels)
    assert patient.labels.sum(dtype=int) == patient.crop.labels.sum(dtype=int)


def test_glioma__affines_of_crop_and_whole_name_the_same_place():
    patient = glioma(2)
    z, y, x = (cut.start for cut in patient.box)
    assert np.allclose(patient.crop.affine @ [0, 0, 0, 1], patient.affine @ [x, y, z, 1])


def test_glioma__lies_in_tissue():
    patient = glioma(5)
    brain = rg.cohorts.brain()
    assert (brain.gm + brain.wm)[patient.tumour].min() > 0.5
    assert patient.tumour[patient.truth.seed_voxel]


@pytest.mark.parametrize(("size", "low", "high"), [("small", 9, 20), ("medium", 22, 50), ("large", 48, 99)])
def test_glioma__volume_is_of_the_size_asked(size, low, high):
    for seed in (1, 2, 3):
        truth = glioma(seed, size=size).truth
        assert low < truth.volume_ml["whole"] < high
        assert sum(truth.volume_ml[part] for part in rg.cohorts.PARTS) == pytest.approx(
            truth.volume_ml["whole"]
        )


def test_glioma__looks_like_one_in_every_contrast():
    crop = glioma(1).crop
    middle = {
        modality: {
            part: np.median(crop.image(modality)[crop.labels == label])
            for part, label in rg.cohorts.PARTS.items()
        }
        for modality in rg.cohorts.MODALITIES
    }
    white = {m: np.median(glioma(1).image(m)[rg.cohorts.brain().wm > 0.95]) for m in middle}
    assert middle["T1c"]["rim"] > 1.2 * white["T1c"]
    assert middle["T1c"]["core"] < middle["T1c"]["rim"] / 2
    assert middle["FLAIR"]["oedema"] > 1.5 * white["FLAIR"]
    assert middle["T2"]["core"] > middle["T2"]["rim"]
    assert middle["T1"]["oedema"] < white["T1"]


def test_glioma__images_are_whole_numbers_and_zero_outside_the_brain():
    image = glioma(1).image("FLAIR")
    assert image.dtype == np.float32
    assert np.array_equal(image, np.rint(image))
    assert image.min() == 0
    assert not image[~rg.cohorts.brain().mask].any()


def test_glioma__bias_field_shades_smoothly_and_only_if_asked():
    plain, shaded = glioma(1), glioma(1, bias_field=0.3)
    inside = rg.cohorts.brain().wm > 0.95
    ratio = shaded.image("T1")[inside] / plain.image("T1")[inside]
    assert 0.7 < ratio.min() < 0.95 or 1.05 < ratio.max() < 1.35
    assert ratio.max() - ratio.min() > 0.05
    assert np.array_equal(shaded.labels, plain.labels)


def test_glioma__keeps_little_in_memory():
    patient = rg.cohorts.glioma(1)
    assert patient.lesion.labels.nbytes + patient.lesion.density.nbytes < 3e6


@pytest.mark.parametrize(("seed", "mutated"), [(1, False), (3, False), (3, True), (4, True)])
def test_glioma__texture_has_the_length_that_the_truth_says(seed, mutated):
    crop = glioma(seed, mutated, size="large").crop
    core = crop.labels == rg.cohorts.PARTS["core"]
    ranks = np.zeros(core.shape)
    ranks[core] = crop.image("FLAIR")[core].argsort().argsort()
    steps = np.arange(1, 9)
    found = np.array([_correlation(ranks, core, step) for step in steps])
    assert np.interp(-1 / np.e, -found, steps) == pytest.approx(crop.truth.texture_scale_mm, rel=0.15)


def _correlation(values, inside, lag):
    both = [(values[:, :, lag:], values[:, :, :-lag], inside[:, :, lag:] & inside[:, :, :-lag])]
    both += [(values[:, lag:], values[:, :-lag], inside[:, lag:] & inside[:, :-lag])]
    a = np.concatenate([x[m] for x, _, m in both])
    b = np.concatenate([y[m] for _, y, m in both])
    return np.corrcoef(a, b)[0, 1]


def test_glioma__unknown_modality_names_the_nearest():
    with pytest.raises(rg.LearnerError, match="FLAIR") as trouble:
        glioma(1).image("flare")
    assert trouble.value.key == "unknown-modality"


def test_glioma__unknown_size_names_the_nearest():
    with pytest.raises(rg.LearnerError, match="'large'"):
        rg.cohorts.glioma(1, size="larg")


@pytest.mark.parametrize("seed", [-1, 1.5, "one"])
def test_glioma__seed_that_is_no_number_of_a_patient_is_refused(seed):
    for make in (rg.cohorts.glioma, lambda s: rg.cohorts.gliomas(2, s)):
        with pytest.raises(rg.LearnerError) as trouble:
            make(seed)
        assert trouble.value.key == "bad-seed"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_glioma__shows_its_truth_in_text_and_html(lang):
    rg.setup(lang)
    patient = glioma(1, mutated=True)
    for shown in (repr(patient), patient._repr_html_()):
        assert {"en": "mutated", "zh": "突变型"}[lang] in shown
        assert "36.6 ml" in shown
    assert patient._repr_html_().count("<img alt=") == 2


def test_glioma__labels_are_shared_and_so_read_only():
    patient = glioma(1)
    for labels in (patient.labels, patient.crop.labels):
        with pytest.raises(ValueError, match="read-only"):
            labels[0, 0, 0] = 1
    patient.image("T1")[0, 0, 0] = 1  # an image is drawn anew each time


# ---- a cohort


def test_cohort__has_the_share_asked_and_different_patients(cohort):
    assert sum(patient.truth.mutated for patient in cohort) == 20
    assert len({patient.lesion.seed for patient in cohort}) == 40


def test_cohort__glcm_tells_the_mutation(cohort, features):
    mutated = np.array([patient.truth.mutated for patient in cohort])
    assert auc(features["contrast"], mutated) < 0.1
    assert auc(features["correlation"], mutated) > 0.9


@pytest.mark.parametrize(
    "name", ["mean", "variance", "skewness", "kurtosis", "volume", "t1_contrast", "t1_correlation"]
)
def test_cohort__moments_volume_and_t1_do_not(cohort, features, name):
    mutated = np.array([patient.truth.mutated for patient in cohort])
    # Two groups of 20 from one population: 95 % of all AUCs lie within 0.5 ± 0.18.
    assert 0.32 < auc(features[name], mutated) < 0.68


@pytest.mark.parametrize(("n", "share"), [(0, 0.5), (5, 1.2), (5, -0.1)])
def test_cohort__of_nobody_or_of_an_odd_share_is_refused(n, share):
    with pytest.raises(rg.LearnerError) as trouble:
        rg.cohorts.gliomas(n, mutated_share=share)
    assert trouble.value.key == "bad-cohort-size"
