"""A public key is plain JSON that says all a check needs, and nothing that only grading may know."""

import base64
import hashlib
import json

import pytest
from minilab import mini_key, mini_page, mini_text

from rgteach.course import keys
from rgteach.course.compare import identical


def text() -> str:
    return mini_text()


def test_read__gives_back_what_was_written():
    back = {key.id: key for key in keys.read(text())}
    for name in mini_page().exercises:
        assert identical(
            back[name].cases and back[name].cases[0].args,
            mini_key(name).cases and mini_key(name).cases[0].args,
        )
    title, asked = dict(mini_page().title), keys.read_questions(text())
    assert keys.write("00", title, list(back.values()), asked) == text()


def test_read__a_race_carries_its_arguments_and_the_twins():
    key = next(key for key in keys.read(text()) if key.id == "mini-pairs")
    assert "def race():" in key.race
    assert [of for of, _ in key.twins] == ["numpy"]
    assert "np.histogram2d" in key.twins[0][1]
    assert mini_key("mini-range").twins == ()


def test_read__a_reader_of_before_races_and_questions_finds_its_exercises():
    data = json.loads(text())
    del data["questions"]
    for item in data["exercises"]:
        item.pop("race", None)
    bare = json.dumps(data)
    assert [key.id for key in keys.read(bare)] == [key.id for key in keys.read(text())]
    assert keys.read_questions(bare) == []
    assert data["format"] == json.loads(text())["format"] == 1


def test_write__the_self_test_cannot_be_read():
    asked = json.loads(text())["questions"]
    assert [set(item) for item in asked] == [{"id", "choices", "salt", "hash", "why"}] * 5
    page = mini_page()
    for question in page.questions.values():
        for lang in ("en", "zh"):
            why = question.why.text[lang].strip()
            assert why not in json.dumps(asked, ensure_ascii=False)
            assert base64.b64encode(why.encode()).decode() not in text()
    rights = [question.right for question in page.questions.values()]
    hashes = {item["hash"] for item in asked}
    assert rights[0] == rights[4]
    assert len(hashes) == 5  # the same letter twice, and still two hashes
    assert not hashes & {
        hashlib.new(kind, r.encode()).hexdigest() for r in "abcd" for kind in ("md5", "sha256")
    }


def test_write__is_plain_json_that_a_person_can_read():
    data = json.loads(text())
    assert data["exercises"][0]["cases"][0] == {
        "group": "hand",
        "args": [{"array": [2, 5, 3], "dtype": "int64", "shape": [3]}],
        "expected": {"value": {"scalar": 3, "dtype": "int64"}},
    }
    assert max(len(line) for line in text().split("\n") if '"solution"' not in line) < 400
    assert text().endswith("}\n")


def test_write__holds_no_hidden_case_and_no_code_that_runs():
    data = text()
    assert "hidden" not in data
    assert "np.ptp" not in data  # the twin stays on the page where there is no race
    assert "values.std()" not in data  # so does the code of a mistake


def test_write__an_open_exercise_has_words_only():
    think = json.loads(text())["exercises"][2]
    assert set(think) == {"id", "points", "title", "explain"}


def test_find__prefers_the_workspace(tmp_path, monkeypatch):
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    (folder / "00_mini.json").write_text(text(), encoding="utf-8")
    inner = tmp_path / "en"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert keys.find("mini-pairs").points == 3
    changed = text().replace('"points": 3', '"points": 33')
    (folder / "00_mini.json").write_text(changed, encoding="utf-8")
    assert keys.find("mini-pairs").points == 33
    assert {key.id for key in keys.all_keys() if key.lab == "00"} >= set(mini_page().exercises)


def test_find__looks_where_the_course_is_installed(tmp_path, monkeypatch):
    folder = tmp_path / "home" / "exercises" / "keys"
    folder.mkdir(parents=True)
    (folder / "00_mini.json").write_text(text(), encoding="utf-8")
    monkeypatch.setattr(keys, "course_home", lambda: tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    assert keys.find("mini-range").function == "spread"
    assert keys.find("nothing-like-it") is None


DAMAGED = [
    "",
    "[]",
    "{}",
    '{"format": 2, "exercises": []}',
    '{"format": 1, "lab": "00", "title": {}, "exercises": 3}',
]


@pytest.mark.parametrize("damage", [*DAMAGED, "binary", "cut"])
def test_find__a_damaged_file_is_named(damage, tmp_path, monkeypatch):
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    content = {"binary": b"\xff\xfe\x00", "cut": text().encode()[:900]}.get(damage, damage.encode())
    (folder / "00_mini.json").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(keys.DamagedKey, match="00_mini.json"):
        keys.find("mini-range")
