"""Every demo in a real JupyterLab, in both languages: what stands there, what sliders do, light and dark.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import pytest
from accessibility import THEMED
from hall import FEWEST_COLOURS, GALLERY, SNAPSHOTS, THEMES, Hall, changes, colours, shows, snapshot, white
from student import student_at_work

from rgteach import demos
from rgteach.wording import LANGUAGES, say

pytestmark = pytest.mark.browser
SHOWS = shows()
MOVED = [one for one in demos.names() if type(demos.demo(one)) is demos.Demo]
MOST_WHITE = 0.25  # of a picture, where the page is dark

FRIGHTS = ("Error", "Traceback", "not found", "Loading widget")
ACTS = {
    "en": {"restarts": lambda hall: hall.notebook.restart(), "dies": lambda hall: hall.kernel_dies()},
    "zh": {"is not there when it is opened": lambda hall: hall.reopens_without_kernel()},
}


@pytest.fixture(scope="module", params=LANGUAGES)
def hall(request, tmp_path_factory):
    """All demos in one notebook, in one language."""
    with student_at_work(request.param, tmp_path_factory.mktemp(request.param)) as student:
        yield Hall.opens(student, SHOWS)


@pytest.mark.parametrize("name", SHOWS)
def test_snapshot__what_stands_there_is_what_was_agreed(hall, name, request):
    if request.config.getoption("--rewrite-snapshots"):
        SNAPSHOTS.mkdir(exist_ok=True)
        snapshot(name, hall.student.lang).write_text(hall.seen[name], encoding="utf-8")
    difference = changes(name, hall.student.lang, hall.seen[name])
    assert not difference, difference


def test_snapshot__there_is_one_for_every_demo_and_for_nothing_else():
    agreed = {snapshot(name, lang) for name in SHOWS for lang in LANGUAGES}
    assert set(SNAPSHOTS.glob("*")) == agreed


@pytest.mark.parametrize("hall", LANGUAGES[:1], indirect=True)  # what moves knows no language
@pytest.mark.parametrize("name", MOVED)
def test_sliders__reach_their_ends_by_keys_and_follow_the_mouse(hall, name, record_property):
    waited = []
    for k, handle in enumerate(hall.sliders(name)):
        for act in (
            lambda k=k: hall.press(name, k, "End"),
            lambda k=k: hall.press(name, k, "Home"),
            lambda k=k: hall.drag(name, k),
        ):
            before = hall.told(name)
            if (arrived := act()) is None:
                continue
            waited.append(round(arrived["ms"]))
            assert arrived["alts"] != before, f"handle {k}: the picture changed and its description did not"
            assert len(arrived["alts"]) == len(before)
            assert arrived["focus"], f"handle {k} lost the focus"
        assert handle["min"] < hall.sliders(name)[k]["value"] < handle["max"], "the mouse left it in between"
    hall.settled(name)
    assert hall.troubles() == []
    record_property("milliseconds", waited)


@pytest.mark.parametrize("theme", THEMES)
def test_theme__pictures_are_drawn_do_not_glare_and_axe_core_has_nothing_to_say(hall, theme):
    hall.wears(theme)
    try:
        for name in SHOWS:
            faces = hall.faces(name, theme, MOST_WHITE if theme == "dark" else 1.0)
            assert faces, f"{name} shows no picture"
            assert min(map(colours, faces)) >= FEWEST_COLOURS, f"{name} is blank"
            assert theme == "light" or max(map(white, faces)) < MOST_WHITE, f"{name} glares"
        assert hall.heard(SHOWS, THEMED if theme == "dark" else ()) == []
    finally:
        hall.wears("light")
    assert hall.troubles() == []


def test_last_picture__stays_when_the_kernel_is_gone(hall):
    """It restarts, it dies, and (in the other language) the notebook is opened from the disk without one."""
    lang = hall.student.lang
    hall.rested(MOVED)
    before = {name: hall.left(name) for name in SHOWS}
    assert not any(is_told(text, lang) for _, text in before.values()), "told although sliders stand there"
    for what, act in ACTS[lang].items():
        act(hall)
        opened = what.endswith("opened")
        for name in SHOWS:
            pictures, text = hall.left(name)
            drawn_by_its_page = opened and name == "painter"
            same = bool(pictures) if drawn_by_its_page else pictures == before[name][0]
            assert same, f"{name} lost its picture: the kernel {what}"
            assert [word for word in FRIGHTS if word in text] == [], text
            assert is_told(text, lang) is (opened and name != GALLERY), text


def is_told(text: str, lang: str) -> bool:
    """Whether it says what to do to get the live one back."""
    endings = [say(key, lang, settings="|").split("|")[-1] for key in ("demo-kept", "painter-kept")]
    return any(ending in text for ending in endings)
