"""The synthetic gliomas keep their promise, and the real slices are what the files say."""

import subprocess
import sys

import nibabel
import numpy as np
import pytest

import rgteach as rg
from rgteach.cohorts import anatomy, growth, slices

PAIRED_SEEDS = range(1, 7)


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


# ---- the brain


def test_brain__has_three_maps_on_one_grid_of_small_floats():
    brain = rg.cohorts.brain()
    assert brain.t1.shape == brain.gm.shape == brain.wm.shape == brain.shape
    assert brain.t1.dtype == brain.gm.dtype == brain.wm.dtype == np.float32
    assert brain.gm.min() >= 0
    assert (brain.gm + brain.wm).max() <= 1.02
    assert brain.spacing_mm == (1.0, 1.0, 1.0)


def test_brain__affine_leads_back_to_the_voxel_of_the_file():
    brain = rg.cohorts.brain()
    file = nibabel.load(anatomy.data_folder() / anatomy.FILES["t1"])
    stored = np.asarray(file.dataobj)
    for voxel in ((60, 80, 40), (100, 50, 110), (30, 120, 70)):
        x, y, z = np.rint(np.linalg.inv(file.affine) @ [*brain.to_mni(voxel), 1])[:3].astype(int)
        assert brain.t1[voxel] == stored[x, y, z]


def test_brain__runs_to_the_head_the_back_and_the_left():
    brain = rg.cohorts.brain()
    x, y, z = brain.to_mni((10, 10, 10))
    assert brain.to_mni((11, 10, 10)) == (x, y, z + 1)
    assert brain.to_mni((10, 11, 10)) == (x, y - 1, z)
    assert brain.to_mni((10, 10, 11)) == (x - 1, y, z)


def test_brain__does_not_import_nilearn():
    code = "import rgteach as rg, sys; rg.cohorts.glioma(1).crop.image(); assert 'nilearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_brain__without_nilearn_says_what_to_install(monkeypatch):
    monkeypatch.setattr(anatomy, "find_spec", lambda name: None)
    with pytest.raises(rg.LearnerError, match="pip install nilearn") as trouble:
        anatomy.data_folder()
    assert trouble.value.key == "nilearn-missing"


def test_brain__without_its_file_says_which(monkeypatch, tmp_path):
    monkeypatch.setattr(anatomy, "data_folder", lambda: tmp_path)
    with pytest.raises(rg.LearnerError, match="mni_icbm152_t1") as trouble:
        anatomy.brain.__wrapped__()
    assert trouble.value.key == "brain-file-missing"


def test_brain__with_a_truncated_file_says_so(monkeypatch, tmp_path):
    whole = (anatomy.data_folder() / anatomy.FILES["t1"]).read_bytes()
    (tmp_path / anatomy.FILES["t1"]).write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr(anatomy, "data_folder", lambda: tmp_path)
    with pytest.raises(rg.LearnerError) as trouble:
        anatomy.brain.__wrapped__()
    assert trouble.value.key == "brain-file-broken"


# ---- growth


def march(pace, rho, steps, start=0):
    """The density along a rod after some steps of time, and the length of the step in days."""
    u = np.zeros((1, 1, len(pace)), np.float32)
    u[0, 0, start] = 1
    pace = np.asarray(pace, np.float32).reshape(u.shape)
    dt = min(0.8 * growth.STEP_MM**2 / (6 * pace.max()), 0.2 / max(rho, 1e-9))
    faces = [growth._face(pace, axis) * np.float32(dt / growth.STEP_MM**2) for axis in range(3)]
    for _ in range(steps):
        growth._step(u, faces, np.float32(rho * dt))
    return u[0, 0], dt


def front(u):
    """Where along the rod the density falls below one half, mm."""
    return np.interp(0.5, u[::-1], np.arange(len(u))[::-1]) * growth.STEP_MM


def speed(diffusion, rho, first, last):
    """How fast the front moves between two days, mm a day."""
    _, dt = march([diffusion] * 500, rho, 0)
    steps = round(first / dt), round(last / dt)
    early, late = (march([diffusion] * 500, rho, n)[0] for n in steps)
    return (front(late) - front(early)) / (dt * (steps[1] - steps[0]))


def test_growth__front_moves_at_fishers_speed_with_bramsons_delay():
    diffusion, rho, first, last = 4.0, 0.05, 150, 300
    delay = 1.5 * np.sqrt(diffusion / rho) * np.log(last / first) / (last - first)
    assert speed(diffusion, rho, first, last) == pytest.approx(2 * np.sqrt(diffusion * rho) - delay, rel=0.03)


def test_growth__is_faster_in_white_matter_by_the_root_of_five():
    white, gray = (speed(diffusion, 0.03, 200, 400) for diffusion in (10.0, 10.0 / growth.WHITE_TO_GRAY))
    assert white / gray == pytest.approx(np.sqrt(5), rel=0.03)


def test_growth__diffusion_alone_keeps_the_number_of_cells():
    u, _ = march(np.linspace(0.2, 3, 60), 0.0, 500, start=30)
    assert u.sum() == pytest.approx(1, rel=1e-5)
    assert u.max() < 0.2


def test_growth__never_crosses_fluid():
    pace = np.ones(60)
    pace[30:32] = 0
    u, _ = march(pace, 0.1, 3000)
    assert u[29] > 0.99
    assert u[30:].max() == 0


def test_growth__by_boxes_equals_growth_everywhere():
    rng = np.random.default_rng(0)
    pace = rng.uniform(0.1, 1, (30, 30, 30)).astype(np.float32)
    u = np.zeros_like(pace)
    u[15, 15, 15] = 1
    boxed, days = growth._march(u.copy(), pace, 0.1, 0.16, 200)
    dt = float(min(0.8 * growth.STEP_MM**2 / (6 * pace.max()), 0.2 / 0.1))
    faces = [growth._face(pace, axis) * np.float32(dt / growth.STEP_MM**2) for axis in range(3)]
    for _ in range(round(days / dt)):
        growth._step(u, faces, np.float32(0.1 * dt))
    assert np.abs(boxed - u).max() < 1e-5


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
    plain, mutated = rg.cohorts.glioma(seed).crop, rg.cohorts.glioma(seed, mutated=True).crop
    assert np.array_equal(plain.labels, mutated.labels)
    a, b = plain.image(modality), mutated.image(modality)
    for label in np.unique(plain.labels[plain.labels > 0]):
        part = plain.labels == label
        assert np.array_equal(np.sort(a[part]), np.sort(b[part]))
    assert np.mean(a[plain.tumour] != b[plain.tumour]) > 0.9
    assert np.array_equal(a[~plain.tumour], b[~plain.tumour])


@pytest.mark.parametrize("modality", ["T1", "T1c"])
def test_mutation__does_not_touch_t1(modality):
    plain, mutated = rg.cohorts.glioma(2).crop, rg.cohorts.glioma(2, mutated=True).crop
    assert np.array_equal(plain.image(modality), mutated.image(modality))


def test_glioma__crop_is_a_piece_of_the_whole():
    patient = rg.cohorts.glioma(2)
    assert np.array_equal(patient.image("T1c")[patient.box], patient.crop.image("T1c"))
    assert np.array_equal(patient.labels[patient.box], patient.crop.labels)
    assert patient.labels.sum(dtype=int) == patient.crop.labels.sum(dtype=int)


def test_glioma__affines_of_crop_and_whole_name_the_same_place():
    patient = rg.cohorts.glioma(2)
    z, y, x = (cut.start for cut in patient.box)
    assert np.allclose(patient.crop.affine @ [0, 0, 0, 1], patient.affine @ [x, y, z, 1])


def test_glioma__lies_in_tissue():
    patient = rg.cohorts.glioma(5)
    brain = rg.cohorts.brain()
    assert (brain.gm + brain.wm)[patient.tumour].min() > 0.5
    assert patient.tumour[patient.truth.seed_voxel]


@pytest.mark.parametrize(("size", "low", "high"), [("small", 9, 20), ("medium", 22, 50), ("large", 48, 99)])
def test_glioma__volume_is_of_the_size_asked(size, low, high):
    for seed in (1, 2, 3):
        truth = rg.cohorts.glioma(seed, size=size).truth
        assert low < truth.volume_ml["whole"] < high
        assert sum(truth.volume_ml[part] for part in rg.cohorts.PARTS) == pytest.approx(
            truth.volume_ml["whole"]
        )


def test_glioma__looks_like_one_in_every_contrast():
    crop = rg.cohorts.glioma(1).crop
    middle = {
        modality: {
            part: np.median(crop.image(modality)[crop.labels == label])
            for part, label in rg.cohorts.PARTS.items()
        }
        for modality in rg.cohorts.MODALITIES
    }
    white = {m: np.median(rg.cohorts.glioma(1).image(m)[rg.cohorts.brain().wm > 0.95]) for m in middle}
    assert middle["T1c"]["rim"] > 1.2 * white["T1c"]
    assert middle["T1c"]["core"] < middle["T1c"]["rim"] / 2
    assert middle["FLAIR"]["oedema"] > 1.5 * white["FLAIR"]
    assert middle["T2"]["core"] > middle["T2"]["rim"]
    assert middle["T1"]["oedema"] < white["T1"]


def test_glioma__images_are_whole_numbers_and_zero_outside_the_brain():
    image = rg.cohorts.glioma(1).image("FLAIR")
    assert image.dtype == np.float32
    assert np.array_equal(image, np.rint(image))
    assert image.min() == 0
    assert not image[~rg.cohorts.brain().mask].any()


def test_glioma__bias_field_shades_smoothly_and_only_if_asked():
    plain, shaded = rg.cohorts.glioma(1), rg.cohorts.glioma(1, bias_field=0.3)
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
    crop = rg.cohorts.glioma(seed, mutated, size="large").crop
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
        rg.cohorts.glioma(1).image("flare")
    assert trouble.value.key == "unknown-modality"


def test_glioma__unknown_size_names_the_nearest():
    with pytest.raises(rg.LearnerError, match="'large'"):
        rg.cohorts.glioma(1, size="larg")


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


# ---- real slices


def test_ct_small__is_in_hounsfield_units():
    scan = rg.cohorts.ct_small()
    assert (scan.modality, scan.unit, scan.image.shape) == ("CT", "HU", (1, 128, 128))
    assert scan.spacing_mm == (5.0, 0.661468, 0.661468)
    from pydicom import dcmread

    stored = dcmread(scan.path).pixel_array
    assert np.array_equal(scan.image[0], stored.astype(int) - 1024)
    assert scan.image.min() < -800  # lung
    assert scan.image.max() > 300  # bone


def test_mr_small__has_its_own_spacing():
    scan = rg.cohorts.mr_small()
    assert (scan.modality, scan.unit, scan.image.shape) == ("MR", "a.u.", (1, 64, 64))
    assert scan.spacing_mm == (0.8, 0.3125, 0.3125)


def test_real_slices__need_no_network(monkeypatch):
    import socket

    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("asked the network"))
    for read in (slices.ct_small.__wrapped__, slices.mr_small.__wrapped__):
        assert read().image.any()


def test_real_slices__missing_file_says_what_to_install(monkeypatch):
    monkeypatch.setattr("pydicom.data.get_testdata_file", lambda *a, **k: None)
    with pytest.raises(rg.LearnerError) as trouble:
        slices.ct_small.__wrapped__()
    assert trouble.value.key == "pydicom-file-missing"
