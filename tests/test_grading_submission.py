"""A file that may be anything is told for what it is; reading one never raises and never waits."""

import copy
import json
import os
import socket

import pytest
from handedin import course, filled, get, kinds, mini_course, read, saved, solved, text

from rgteach import wording
from rgteach.course import opening
from rgteach.grading import submission
from rgteach.grading.model import Submission
from rgteach.wording import advise

WHOLE = json.dumps(solved())
FILES = {
    "empty": b"",
    "empty, with blanks": b" \n\n",
    "zeros": b"\0" * 4096,
    "truncated": WHOLE[: len(WHOLE) // 2].encode(),
    "truncated in a letter": '{"cells": [{"source": "直方图'.encode()[:-1],
    "not-json": b"import numpy as np\n",
    "not-json, merged": b'{"cells": [\n<<<<<<< HEAD\n',
    "not-json, bytes": bytes(range(1, 256)),
    "not-json, a number without end": b"1" * 100_000,
    "deep": b"[" * 1_000_000,
    "archive": b"PK\x03\x04rest",
    "document": b"%PDF-1.7",
    "web-page": b"\xef\xbb\xbf <!DOCTYPE html><html>",
    "not-notebook": b"[1, 2]",
    "not-notebook, cells of another kind": b'{"cells": [3], "metadata": {}}',
    "not-notebook, null": b"null",
    "not-ours": b'{"cells": [], "metadata": {}, "nbformat": 4}',
    "not-ours, other course": b'{"cells": [], "metadata": {"rgteach": {"lab": "77"}}, "nbformat": 4}',
}


@pytest.mark.parametrize("name", FILES)
def test_file__of_no_use_is_named_and_has_nothing_else(name, tmp_path):
    handed = read(tmp_path, FILES[name], student="alice", name="mine.ipynb")
    assert handed.problem == f"submission-{name.split(',')[0].split(' ')[0]}"
    rest = Submission(handed.path, "alice", digest=handed.digest, problem=handed.problem, told=handed.told)
    assert handed == rest
    assert len(handed.digest) == 64


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("name", FILES)
def test_file__the_sentence_has_all_its_values(name, lang, tmp_path):
    handed = read(tmp_path, FILES[name], name="mine.ipynb")
    assert "mine.ipynb" in advise(handed.problem, lang, **handed.told).what


def problem(path, **more) -> str:
    return submission.read(path, course(), **more).problem


def test_file__a_link_is_not_followed(tmp_path):
    saved(tmp_path, WHOLE, "real.ipynb")
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "real.ipynb")
    (tmp_path / "loop.ipynb").symlink_to(tmp_path / "loop.ipynb")
    assert problem(tmp_path / "mine.ipynb") == "submission-link"
    assert problem(tmp_path / "loop.ipynb") == "submission-link"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_file__a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "mine.ipynb")
    assert problem(tmp_path / "mine.ipynb") == "submission-special"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_file__sockets_devices_and_folders_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as there:
        there.bind("mine.ipynb")
        assert problem("mine.ipynb") == "submission-special"
    (tmp_path / "folder.ipynb").mkdir()
    assert problem("folder.ipynb") == "submission-folder"
    assert problem("/dev/zero") == "submission-special"


def test_file__that_is_not_there_or_has_no_name_is_missing(tmp_path):
    assert problem(tmp_path / "none.ipynb") == "submission-missing"
    assert problem("a\0b.ipynb") == "submission-missing"


def test_file__a_large_one_is_not_read(tmp_path):
    path = tmp_path / "mine.ipynb"
    with path.open("wb") as file:
        file.truncate(opening.MOST_BYTES + 1)  # a file with a hole costs nothing
    handed = submission.read(path, course())
    assert (handed.problem, handed.told["most"]) == ("submission-large", "32.0")


def test_file__that_grows_while_it_is_read_is_cut_off(tmp_path, monkeypatch):
    path = saved(tmp_path, WHOLE)
    monkeypatch.setattr(opening, "_look", lambda found: os.stat_result((*found[:6], 10, *found[7:])))
    assert problem(path, most=100) == "submission-large"


def test_file__with_more_cells_or_code_than_anybody_writes_is_not_read(tmp_path):
    many = solved()
    many["cells"] += [text("x") for _ in range(submission.MOST_CELLS)]
    assert read(tmp_path, many).problem == "submission-too-much"
    long = solved()
    get(long, "glcm-pairs-answer")["source"] = "x = 1\n" * submission.MOST_CODE
    assert read(tmp_path, long).problem == "submission-too-much"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "utf-16"), ("gb18030", "gb18030")],
)
def test_file__in_another_encoding_is_read_and_told(encoding, told, tmp_path):
    notebook = solved(lang="zh")
    handed = read(tmp_path, json.dumps(notebook, ensure_ascii=False).encode(encoding))
    assert (handed.problem, handed.lang) == ("", "zh")
    assert [note.values["encoding"] for note in handed.notes if note.kind == "encoding"] == [told] * bool(
        told
    )
    assert handed.answers["glcm-pairs"].found == "id"


def test_file__filled_up_with_zeros_is_read(tmp_path):
    handed = read(tmp_path, WHOLE.encode() + b"\0" * 100)
    assert handed.answers["glcm-pairs"].found == "id"


def test_digest__is_of_the_bytes_also_where_they_are_of_no_use(tmp_path):
    import hashlib

    assert read(tmp_path, b"[").digest == hashlib.sha256(b"[").hexdigest()


# ---------------------------------------------------------------- which lab, which edition


def test_lab__a_lesson_is_told_and_the_exercise_named(tmp_path, root):
    lesson = (root / "notebooks" / "en" / "02_glcm.ipynb").read_bytes()
    handed = read(tmp_path, lesson)
    assert (handed.problem, handed.lab) == ("submission-lesson", "02")
    assert handed.told["exercise"] == "02_glcm_exercise.ipynb"


def test_lab__another_one_than_wanted_is_told(tmp_path):
    handed = read(tmp_path, solved(), lab="05")
    assert (handed.problem, handed.told["wanted"], handed.lab) == ("submission-other-lab", "05", "02")
    assert read(tmp_path, solved(), lab="02").problem == ""


def test_lab__is_told_from_what_is_in_a_notebook_that_does_not_say(tmp_path):
    notebook = solved()
    notebook["metadata"]["rgteach"]["lab"] = "99"
    assert read(tmp_path, notebook, name="05_wrong.ipynb").lab == "02"


def test_lab__a_path_that_speaks_of_another_is_noted(tmp_path):
    handed = read(tmp_path, solved(), shown="alice/05_logistic/x.ipynb")
    assert [note.values for note in handed.notes] == [{"path": "05", "lab": "02"}]
    assert read(tmp_path, solved(), shown="2024_05_x/alice/02_glcm/x.ipynb").notes == ()


def test_edition__another_one_is_noted_and_a_changed_text_is_not(tmp_path):
    notebook = solved()
    get(notebook, "glcm-pairs-statement")["source"] += " My remark."
    assert read(tmp_path, notebook).notes == ()
    other = next(cell for cell in notebook["cells"] if cell["id"].startswith("prose-"))
    other["id"] = "prose-0123456789ab"
    notebook["cells"][-1]["metadata"]["rgteach"]["question"] = "glcm-q9"
    (note,) = read(tmp_path, notebook).notes
    assert (note.kind, note.values) == ("other-edition", {"count": 2})


def test_edition__the_solved_notebook_is_noted(tmp_path, root):
    handed = read(tmp_path, (root / "solutions" / "en" / "02_glcm.ipynb").read_bytes())
    assert "solved-notebook" in kinds(handed.notes)


def test_language__is_told_from_the_text_where_it_is_not_said(tmp_path):
    notebook = solved(lang="zh")
    notebook["metadata"]["rgteach"]["lang"] = "fr"
    notebook["cells"] = [c for c in notebook["cells"] if "setup(" not in "".join(c["source"])]
    assert read(tmp_path, notebook).lang == "zh"


# ---------------------------------------------------------------- a released notebook, and never an error


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lab", sorted(course()))
def test_untouched__nothing_is_found_and_nothing_is_said(lab, lang, tmp_path):
    handed = read(tmp_path, course()[lab].released[lang], name="x.ipynb")
    assert (handed.problem, handed.lab, handed.lang, handed.notes) == ("", lab, lang, ())
    assert {(answer.found, answer.flags) for answer in handed.answers.values()} == {("", ())}
    assert set(handed.written.values()) <= {""}
    assert set(handed.letters.values()) <= {""}


def test_solved__the_small_lab_is_read_too(tmp_path):
    masters = mini_course(tmp_path)
    answers = {key.id: key.solution["en"] for key in masters["00"].keys if not key.is_open}
    notebook = copy.deepcopy(masters["00"].released["en"])
    notebook = filled(notebook, lambda c: answers[c["metadata"]["rgteach"]["exercise"]])
    handed = read(tmp_path, notebook, masters, name="x.ipynb")
    assert {name: answer.found for name, answer in handed.answers.items()} == {
        "mini-range": "id",
        "mini-pairs": "id",
    }
    assert {answer.flags for answer in handed.answers.values()} == {()}


JUNK = [None, True, 3, -1.5, "x", "\ud800", [], [None], {}, {"a": []}, ["\0", 3]]


@pytest.mark.parametrize(
    "place", ["metadata", "cells", "nbformat", "cell", "source", "id", "rgteach", "role"]
)
def test_junk__in_any_place_never_raises(place, tmp_path):
    for junk in JUNK:
        notebook = solved()
        cell = get(notebook, "glcm-pairs-answer")
        if place == "cell":
            notebook["cells"][3] = junk
        elif place in ("source", "id"):
            cell[place] = junk
        elif place == "rgteach":
            cell["metadata"]["rgteach"] = notebook["metadata"]["rgteach"] = junk
        elif place == "role":
            cell["metadata"]["rgteach"] = dict.fromkeys(("role", "exercise", "question"), junk)
        else:
            notebook[place] = junk
        handed = read(tmp_path, json.dumps(notebook))
        assert isinstance(handed, Submission)
        assert handed.problem != "submission-unexpected"
        json.dumps(handed.told)
        assert all(answer.source.encode() is not None for answer in handed.answers.values())
