"""What the page asks is answered, and what it cannot have meant becomes a sentence, no lost exception."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painter_pages import Page, disc, unpacked

import rgteach as rg
from rgteach.demos.painter.regions import MOST_STEPS, Regions

SHAPE = (4, 12, 10)
IMAGE = np.random.default_rng(3).normal(100, 20, SHAPE).astype(np.float32)
DISC = disc(SHAPE[1:], 6, 5, 3)


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    return Page(rg.paint(IMAGE))


def kinds(answers):
    return [(content["kind"], content.get("region")) for content, _ in answers]


def test_open__gives_the_slice_both_masks_and_both_results(page):
    both = [("mask", "a"), ("result", "a"), ("mask", "b"), ("result", "b")]
    assert kinds(page.says("open")) == [("slice", None), *both]


def test_traits__say_what_the_page_needs_before_the_first_voxel(page):
    state = page.painter.get_state()
    assert state["shape"] == list(SHAPE)
    assert state["z"] == 2
    assert state["window"][0] < state["window"][1]
    assert state["span"] == [float(IMAGE.min()), float(IMAGE.max())]
    assert all(isinstance(sentence, str) and sentence for sentence in state["words"].values())
    assert [set(offer) for offer in state["presets"]] == [{"name", "label"}] * len(state["presets"])


def test_stroke__is_answered_with_its_own_serial(page):
    content, _ = page.strokes(DISC)
    assert (content["serial"], content["region"], content["z"], content["n"]) == (1, "a", 2, DISC.sum())
    assert page.strokes(DISC, "b")[0]["serial"] == 2
    assert np.array_equal(page.painter.mask[2], DISC)


def test_stroke__between_begin_and_end_is_one_step_back(page):
    smaller = disc(SHAPE[1:], 6, 5, 1)
    page.strokes(smaller, begin=True, end=False)
    page.strokes(DISC, begin=False, end=True)
    page.strokes(np.ones(SHAPE[1:], bool))
    back = page.says("undo")
    assert kinds(back) == [("mask", "a"), ("result", "a")]
    assert np.array_equal(unpacked(back[0][1], page.painter), DISC)
    assert (back[0][0]["undo"], back[0][0]["redo"]) == (True, True)
    page.says("undo")
    assert not page.painter.mask.any()
    page.says("redo")
    assert np.array_equal(page.painter.mask[2], DISC)


def test_undo__on_another_slice_goes_there(page):
    page.strokes(DISC, z=0)
    page.painter.z = 3
    answers = page.says("undo")
    assert page.painter.z == 0
    assert kinds(answers)[0] == ("slice", None)
    assert answers[0][0]["z"] == 0


def test_undo__with_nothing_to_take_back_is_no_trouble(page):
    assert [kind for kind, _ in kinds(page.says("undo"))] == ["mask", "result"] * 2


def test_clear_copy_and_preset__reach_every_slice_and_can_be_taken_back(page):
    painter = page.painter
    page.strokes(DISC, z=0)
    page.strokes(DISC, z=3)
    page.says("copy", **{"from": "a", "to": "b"})
    assert np.array_equal(painter.masks["a"], painter.masks["b"])
    page.says("clear", region="a")
    assert not painter.mask.any()
    page.says("undo")
    assert painter.mask.sum() == 2 * DISC.sum()
    page.says("preset", region="a", name="square")
    assert painter.mask[painter.z].any()
    assert painter.mask[0].any()


def test_slice__chosen_by_the_page_is_answered(page):
    page.heard.clear()
    page.painter.set_state({"z": 1})
    assert kinds(page.heard)[0] == ("slice", None)
    assert page.heard[0][0]["z"] == 1
    assert kinds(page.says("set", z=3))[0] == ("slice", None)


BAD = {
    "a kind that there is not": ({"kind": "explode"}, ()),
    "no kind": ({}, ()),
    "a slice outside": ({"kind": "stroke", "region": "a", "z": 4}, (bytes(15),)),
    "half a slice": ({"kind": "stroke", "region": "a", "z": 1.5}, (bytes(15),)),
    "a slice that is no number": ({"kind": "stroke", "region": "a", "z": float("nan")}, (bytes(15),)),
    "another region": ({"kind": "stroke", "region": "c", "z": 1}, (bytes(15),)),
    "a region that is a list": ({"kind": "clear", "region": ["a"]}, ()),
    "too few bits": ({"kind": "stroke", "region": "a", "z": 1}, (bytes(14),)),
    "too many bits": ({"kind": "stroke", "region": "a", "z": 1}, (bytes(16),)),
    "no bits": ({"kind": "stroke", "region": "a", "z": 1}, ()),
    "a preset that there is not": ({"kind": "preset", "region": "a", "name": "heart"}, ()),
    "a copy of nothing": ({"kind": "copy", "to": "b"}, ()),
    "nine levels": ({"kind": "set", "n_levels": 9}, ()),
    "a distance of 0": ({"kind": "set", "distance": 0}, ()),
}


@pytest.mark.parametrize("case", BAD)
def test_message_that_cannot_be_followed__is_answered_with_a_sentence_and_changes_nothing(case, page):
    page.strokes(DISC)
    content, buffers = BAD[case]
    before = page.painter.masks
    page.heard.clear()
    page.painter._handle_custom_msg({"serial": 7, **content}, [memoryview(part) for part in buffers])
    (((told, _)),) = page.heard
    assert (told["kind"], told["serial"]) == ("trouble", 7)
    assert len(told["text"]) > 20
    assert all(np.array_equal(before[name], mask) for name, mask in page.painter.masks.items())


@pytest.mark.parametrize("content", ["text", None, 3, ["open"]])
def test_content_that_is_no_message__is_answered_with_a_sentence(content, page):
    page.painter._handle_custom_msg(content, [])
    assert page.heard[-1][0]["kind"] == "trouble"


def test_own_error__is_told_and_not_lost(page, monkeypatch, caplog):
    def breaks(*_args, **_settings):
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(page.painter, "live", breaks)
    assert "by accident" in page.is_told("stroke", bytes(15), region="a", z=1)
    assert "by accident" in caplog.text


BAD_STATES = [
    {"z": 4}, {"z": -1}, {"z": "2"}, {"z": None}, {"n_levels": 10}, {"n_levels": True}, {"distance": 6},
    {"distance": 1.5}, {"window": [3, 1]}, {"window": [1]}, {"window": None}, {"window": [float("nan"), 1]},
]  # fmt: skip


@pytest.mark.parametrize("state", BAD_STATES, ids=str)
def test_setting_that_will_not_do__is_told_and_set_back_on_the_page(state, page, monkeypatch):
    before, returned = page.painter.get_state(list(state)), []
    monkeypatch.setattr(page.painter, "send_state", lambda key=None: returned.append(key))
    page.painter.set_state(state)
    assert page.heard[-1][0]["kind"] == "trouble"
    assert page.painter.get_state(list(state)) == before
    assert returned == [list(state)]


def test_page__may_not_change_what_is_shown(page):
    page.painter.set_state({"title": "another patient", "shape": [1, 1, 1], "span": [0, 1], "z": 1})
    assert page.painter.title == "Your array"
    assert page.painter.shape == list(SHAPE)
    assert page.painter.z == 1


def test_regions__remember_a_limited_number_of_steps():
    regions = Regions((1, 4, 4))
    for k in range(MOST_STEPS + 50):
        regions.stroke("a", 0, np.arange(16).reshape(4, 4) <= k % 16, begin=True, end=True)
    steps = 0
    while regions.undo():
        steps += 1
    assert steps == MOST_STEPS


ACTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.integers(0, 4), st.booleans()), max_size=12
)


@settings(max_examples=40)
@given(acts=ACTS, back=st.integers(0, 12))
def test_undo_and_redo__go_through_the_same_states(acts, back):
    """Against the plainest history there is: a copy of both masks after every act that changed one."""
    regions = Regions((3, 4, 4))
    states = [{name: mask.copy() for name, mask in regions.masks.items()}]
    for region, z, k, drawn in acts:
        new = np.arange(16).reshape(4, 4) < 4 * k
        if drawn:
            regions.stroke(region, z, np.ones((4, 4), bool), begin=True, end=False)
            regions.stroke(region, z, new, begin=False, end=True)
        else:
            regions.replace(region, {z: new, (z + 1) % 3: new})
        if any(not np.array_equal(states[-1][name], mask) for name, mask in regions.masks.items()):
            states.append({name: mask.copy() for name, mask in regions.masks.items()})
    back = min(back, len(states) - 1)
    for k in range(1, back + 1):
        regions.undo()
        assert all(np.array_equal(states[-1 - k][name], mask) for name, mask in regions.masks.items())
    for k in range(back - 1, -1, -1):
        regions.redo()
        assert all(np.array_equal(states[-1 - k][name], mask) for name, mask in regions.masks.items())
    assert not regions.can_redo
