"""The painter opens what a room wants to see, refuses the rest in words, and is a picture without a page."""

import asyncio

import nibabel as nib
import numpy as np
import pytest
from painter_pages import Page, disc
from scan_files import noise, save_nifti, save_series, save_slice

import rgteach as rg
from rgteach import wording
from rgteach.demos import panel
from rgteach.demos.painter import compute, recipe
from rgteach.demos.painter.plane import plane_of
from rgteach.demos.painter.sources import first_patient
from rgteach.image.geometry import from_spacing

IMAGE = np.random.default_rng(5).normal(100, 20, (3, 12, 10))


def refusal(call):
    """The key of the sentence that a call ends with."""
    with pytest.raises(rg.LearnerError) as trouble:
        call()
    assert str(trouble.value)
    return trouble.value.key


@pytest.mark.parametrize(
    ("source", "unit", "shape"),
    [
        ("glioma", "", (159, 189, 153)),
        ("brain", "", (159, 189, 153)),
        ("ct", "HU", (1, 128, 128)),
        ("mr", "", (1, 64, 64)),
    ],
)
def test_sources_of_the_course__open_with_a_window_and_the_right_on_the_left(source, unit, shape):
    painter = rg.paint(source)
    assert (painter.unit, tuple(painter.shape)) == (unit, shape)
    assert painter.sides == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    low, high = painter.window
    assert painter.span[0] <= low < high <= painter.span[1]
    assert not painter.mask.any()
    for offer in painter.presets:
        painter.preset(offer["name"])
        assert painter.mask.any(), offer


def test_glioma__opens_on_its_largest_slice_in_the_sequence_asked_for():
    patient = first_patient().crop
    painter = rg.paint(patient, sequence="T1c")
    assert np.array_equal(painter.image, patient.image("T1c"))
    assert painter.z == np.count_nonzero(patient.tumour, axis=(1, 2)).argmax()
    painter.preset("tumour")
    assert np.array_equal(painter.mask, patient.tumour)


def test_array__has_no_sides_and_is_not_turned():
    painter = rg.paint(IMAGE, spacing_mm=(3, 1, 2))
    assert set(painter.sides.values()) == {""}
    assert painter.spacing == [3, 1, 2]
    content, _ = Page(painter).says("open")[0]
    assert (content["low"], content["high"]) == (IMAGE.min(), IMAGE.max())
    assert rg.paint(IMAGE[0]).shape == [1, 12, 10]


def test_grid_without_a_turn__is_axial_as_radiologists_read_it():
    plane = plane_of(from_spacing((3, 4, 5)))
    assert (plane.swapped, plane.flipped, plane.name) == (False, (False, False), "axial")


BAD_IMAGES = {
    "rows of different lengths": (lambda: [[1, 2], [3]], "painter-ragged"),
    "a series of volumes": (lambda: np.zeros((4, 5, 6, 7)), "not-3d"),
    "a colour image": (lambda: noise((20, 30, 3), dtype=np.uint8), "colour-image"),
    "a colour stack": (lambda: np.zeros((4, 5, 6, 3)), "colour-image"),
    "a mask": (lambda: np.eye(8, dtype=bool), "painter-is-mask"),
    "complex numbers": (lambda: np.eye(8) * 1j, "not-a-number-image"),
    "words": (lambda: [["a", "b"], ["c", "d"]], "not-a-number-image"),
    "nothing": (lambda: np.zeros((0, 8, 8)), "painter-too-small"),
    "one row": (lambda: np.arange(9.0)[None], "painter-too-small"),
    "one number": (lambda: 5, "not-3d"),
    "None": (lambda: None, "not-3d"),
    "NaN alone": (lambda: np.full((8, 8), np.nan), "painter-no-values"),
    "one value": (lambda: np.full((8, 8), 7), "painter-one-value"),
    "numbers too far apart": (lambda: np.array([[-1e308, 1e308] * 4] * 8), "painter-no-values"),
    "a word that is no name": (lambda: "gliom", "painter-unknown-source"),
    "a path that is not there": (lambda: "scans/patient.nii.gz", "scan-missing-folder"),
}


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("case", BAD_IMAGES)
def test_what_cannot_be_painted_on__is_refused_in_words(case, lang):
    wording.choose(lang)
    make, key = BAD_IMAGES[case]
    assert refusal(lambda: rg.paint(make())) == key


def test_files_that_are_no_volume__are_refused_in_words(tmp_path):
    nib.save(nib.Nifti1Image(noise((4, 5, 6)).reshape(4, 5, 3, 2), np.eye(4)), tmp_path / "bold.nii")
    assert refusal(lambda: rg.paint(tmp_path / "bold.nii")) == "scan-not-3d"
    rgb = np.zeros((5, 6, 7), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    nib.save(nib.Nifti1Image(rgb, np.eye(4)), tmp_path / "rgb.nii")
    assert refusal(lambda: rg.paint(tmp_path / "rgb.nii")) == "scan-is-colour"
    (tmp_path / "empty").mkdir()
    assert refusal(lambda: rg.paint(tmp_path / "empty")) == "scan-no-dicom"


BAD_CALLS = {
    "a mask of another shape": ({"mask": np.ones((3, 12, 11))}, "shapes-differ"),
    "a mask with rows of different lengths": ({"mask": [[1, 0], [1]]}, "painter-ragged"),
    "a mask of a slice": ({"mask": np.ones((12, 10))}, "shapes-differ"),
    "a soft mask": ({"mask": np.full((3, 12, 10), 0.5)}, "mask-not-whole"),
    "a mask with NaN": ({"mask": np.full((3, 12, 10), np.nan)}, "mask-not-whole"),
    "a mask of words": ({"mask": np.full((3, 12, 10), "in")}, "not-a-number-image"),
    "a mask that is not there": ({"mask": "no_such_mask.nii"}, "scan-missing"),
    "a third region": ({"mask": {"c": np.ones((3, 12, 10))}}, "painter-no-region"),
    "nine levels": ({"n_levels": 9}, "painter-levels"),
    "levels in words": ({"n_levels": "many"}, "painter-not-whole"),
    "a distance of 0": ({"distance": 0}, "painter-not-whole"),
    "a distance of 1.5": ({"distance": 1.5}, "painter-not-whole"),
    "a sequence": ({"sequence": "T1"}, "painter-no-choice"),
    "a series": ({"series": "1"}, "painter-no-choice"),
    "a spacing of 0": ({"spacing_mm": (1, 0, 1)}, "bad-spacing"),
    "a misspelt setting": ({"levels": 32}, "unknown-setting"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_call_that_will_not_do__is_refused_in_words(case):
    settings, key = BAD_CALLS[case]
    assert refusal(lambda: rg.paint(IMAGE, **settings)) == key


def test_folder_with_two_series__is_opened_at_the_one_that_is_named(tmp_path):
    save_series(tmp_path, noise(seed=1), series="1.2.1", number=1)
    for z, flat in enumerate(noise(seed=2)):
        save_slice(tmp_path / f"second{z}.dcm", flat, 2.0 * z, series="1.2.2", number=2)
    assert refusal(lambda: rg.paint(tmp_path)) == "scan-several-series"
    assert np.array_equal(rg.paint(tmp_path, series="2").image, noise(seed=2) - 1024)


def test_mask_file_of_another_place__is_refused(tmp_path):
    image = save_nifti(tmp_path / "image.nii", noise())
    shifted = np.array([[-1, 0, 0, 5], [0, -1, 0, 239], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    mask = save_nifti(tmp_path / "mask.nii", (noise() > 500).astype(np.uint8), shifted)
    assert refusal(lambda: rg.paint(image, mask=mask)) == "scan-mask-elsewhere"


def test_second_truth_about_the_voxel_size__is_refused(tmp_path):
    image = save_slice(tmp_path / "one.dcm", noise((12, 10)), 0.0)
    assert refusal(lambda: rg.paint(image, spacing_mm=(2, 1, 1))) == "scan-spacing-given"
    assert rg.paint(image, spacing_mm=(2, 0.5, 0.75)).unit == "HU"


@pytest.mark.parametrize(
    ("name", "value"), [("z", 3), ("z", -1), ("n_levels", 9), ("distance", 6), ("window", [2, 1])]
)
def test_setting_from_code__is_refused_in_words_and_leaves_what_was(name, value):
    painter = rg.paint(IMAGE)
    before = getattr(painter, name)
    with pytest.raises(rg.LearnerError):
        setattr(painter, name, value)
    assert getattr(painter, name) == before
    painter.z = np.int64(2)
    assert painter.z == 2


def test_nan_in_the_image__is_painted_around():
    image = IMAGE.copy()
    image[1, :3] = np.nan
    page = Page(rg.paint(image))
    assert "30 of the 120" in page.strokes(np.ones((12, 10)))[0]["trouble"]
    assert page.strokes(np.arange(12)[:, None] > np.full(10, 3))[0]["trouble"] == ""


def test_features_and_table__are_of_the_slice_shown():
    painter = rg.paint(IMAGE, mask={"a": IMAGE > 90, "b": IMAGE < 110})
    assert painter.table().shape == (26, 2)
    assert painter.table()["a"]["contrast"] == painter.features["contrast"]
    assert painter.table()["b"].notna().all()
    painter.clear()
    assert painter.table()["a"].isna().all()
    assert refusal(lambda: painter.features) == "painter-no-features"


def test_masks__are_copies_in_the_axes_of_the_image():
    painter = rg.paint(IMAGE, mask=IMAGE > 90)
    painter.mask[:] = False
    painter.masks["a"][:] = False
    assert np.array_equal(painter.mask, IMAGE > 90)
    assert rg.voi(painter.image, painter.mask, painter.spacing_mm).n_voxels == (IMAGE > 90).sum()


@pytest.mark.parametrize(("painted", "lang"), [(True, "zh"), (False, "en")], ids=["painted-zh", "empty-en"])
def test_without_a_front_end__it_is_a_picture_with_its_numbers_in_words(painted, lang):
    wording.choose(lang)
    painter = rg.paint(IMAGE, mask=IMAGE > 90 if painted else None)
    assert painter.comm is None
    bundle = painter._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert '<img alt="' in bundle["text/html"]
    assert wording.say("painter-region-a") in bundle["text/html"]
    assert ("nan" in bundle["text/plain"].lower()) is False
    assert (wording.say("painter-empty") in bundle["text/plain"]) is not painted


def test_picture__shows_the_pairs_of_b_where_only_b_is_painted():
    painter = rg.paint(IMAGE, mask={"b": IMAGE > 90})
    assert "Pairs of B" in painter.still().text
    painter.preset("disc")
    assert painter._shown().main == "a"


def test_with_a_front_end__the_page_keeps_a_picture_for_later(monkeypatch):
    shown, kept = [], []

    def display(thing, raw=False, display_id=False):
        shown.append(thing)
        return type("Handle", (), {"update": lambda self, thing: kept.append(thing)})()

    monkeypatch.setenv("RGTEACH_DEMO", "live")
    monkeypatch.setattr("IPython.display.display", display)
    painter = rg.paint(IMAGE, mask=IMAGE > 90)
    painter._ipython_display_()
    live, begun = shown
    assert "application/vnd.jupyter.widget-view+json" in live
    assert begun.html.count("<img") == 2
    assert f'data-of="{painter.key}"' in begun.html
    assert len(begun.html) < 20_000
    painter.clear()
    painter._rest._act()
    assert kept[-1].html.count("<img") == 1
    assert wording.say("painter-empty") in kept[-1].html


def test_with_a_front_end__what_is_kept_follows_when_the_hand_rests(monkeypatch):
    async def paints():
        painter = rg.paint(IMAGE, mask=IMAGE > 90)
        painter._kept = type("Handle", (), {"update": lambda self, thing: kept.append(thing)})()
        for _ in range(3):
            painter._show_result("a", painter.z)
        await asyncio.sleep(0.2)

    kept = []
    monkeypatch.setattr("rgteach.demos.painter.widget.REST_S", 0.05)
    asyncio.run(paints())
    assert len(kept) == 1


# ---------------------------------------------------------------- the demo


@pytest.fixture(scope="module")
def demo():
    return rg.demo("painter")


def test_demo__has_at_most_three_sliders_and_draws_at_every_corner(demo):
    assert len(demo.controls) <= panel.MOST_CONTROLS
    for corner in demo.corners():
        found = compute(**corner).found
        assert all(np.isfinite(list(one.features.values())).all() and one.features for one in found.values())


def test_demo__plays_with_the_painter_itself(demo):
    painter = demo.painter()
    view = compute(**demo.opening())
    for name, mask in painter.masks.items():
        assert np.array_equal(mask[view.z], view.inside[name])
    assert painter.features == view.features


def test_demo__the_answer_is_what_happens():
    """A has several times the contrast of B until B's border is erased; a small disc in A has more than A."""
    contrast = {
        edge: {n: f.features["contrast"] for n, f in compute(edge, 32, 1).found.items()} for edge in (0, -6)
    }
    assert contrast[0]["a"] > 3 * contrast[0]["b"]
    assert contrast[-6]["b"] > 0.9 * contrast[-6]["a"]
    page, view = Page(rg.paint("glioma")), compute(0, 32, 1)
    y, x = (at.mean() for at in np.nonzero(view.inside["a"]))
    small, _ = page.strokes(disc(view.flat.shape, y, x, 4))
    assert small["features"][0]["number"] > contrast[0]["a"]
    twice = [compute(0, n, 1).features["contrast"] for n in (16, 32, 64)]
    assert all(3.5 < more / less < 4.5 for less, more in zip(twice, twice[1:], strict=False))
    far = [compute(0, 32, d).features["contrast"] for d in (1, 3, 5)]
    assert far == sorted(far)


def test_thumbnail__is_drawn():
    from rgteach.plots.page import new_axes

    fig, ax = new_axes()
    assert recipe.thumbnail(ax).images
