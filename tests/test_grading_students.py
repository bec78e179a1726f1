"""Names out of paths as learning platforms write them; files that were handed in, and those that were not."""

import os

import pytest

from rgteach.errors import LearnerError
from rgteach.grading.students import Found, find


def laid(folder, *names: str, content: str = "{}"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def names(folder, *files: str, given: str = "", naming: str = "auto") -> list[str]:
    found = find([laid(folder / "hand-ins", *files) / given], naming)
    assert [one.shown for one in found] == sorted(one.shown for one in found)
    return sorted(one.student for one in found)


PATHS = {
    "nbgrader": (
        ["submitted/bit b/02_glcm/x.ipynb", "submitted/ann/02_glcm/02_glcm.ipynb"],
        ["ann", "bit b"],
    ),
    "Moodle": (["张 三_123_assignsubmission_file_/02_glcm_exercise.ipynb"], ["张 三"]),
    "Moodle, two of one name": (
        ["Li Na_5_assignsubmission_file_/x.ipynb", "Li Na_6_assignsubmission_file_/x.ipynb"],
        ["Li Na (5)", "Li Na (6)"],
    ),
    "Moodle, one with two labs": (
        ["Li Na_5_assignsubmission_file_/01_a.ipynb", "Li Na_5_assignsubmission_file_/02_b.ipynb"],
        ["Li Na", "Li Na"],
    ),
    "Canvas": (
        ["doejane_123_456_02_glcm_exercise.ipynb", "roeann_LATE_9_4_02_glcm_exercise-1.ipynb"],
        ["doejane", "roeann"],
    ),
    "plain files": (["alice.ipynb", "张三.ipynb", "o'neil.ipynb"], ["alice", "o'neil", "张三"]),
    "files called after lab and student": (
        ["02_glcm_exercise_alice.ipynb", "bob_02_glcm_exercise.ipynb", "20231234_张三_02_glcm.ipynb"],
        ["20231234 张三", "alice", "bob"],
    ),
    "a folder each": (
        ["alice/02_glcm_exercise.ipynb", "bob/en/02_glcm_exercise.ipynb", "2023001/02_glcm (1).ipynb"],
        ["2023001", "alice", "bob"],
    ),
    "a folder each, with a folder for the lab": (["alice/02_glcm/02_glcm_exercise.ipynb"], ["alice"]),
    "a folder each, files of any name": (["alice/homework.ipynb", "bob/my work.ipynb"], ["alice", "bob"]),
    "a folder of a group, a file each": (["group a/alice.ipynb", "group a/bob.ipynb"], ["alice", "bob"]),
}


@pytest.mark.parametrize("platform", PATHS)
def test_name__is_found_in_the_paths_of(platform, tmp_path):
    files, students = PATHS[platform]
    assert names(tmp_path, *files) == students


@pytest.mark.parametrize("given", ["submitted", "submitted/ann", "submitted/ann/02_glcm"])
def test_name__is_the_same_whatever_folder_was_given(given, tmp_path):
    assert names(tmp_path, "submitted/ann/02_glcm/02_glcm.ipynb", given=given) == ["ann"]


@pytest.mark.parametrize("given", ["alice", "alice/02_glcm_exercise.ipynb", ""])
def test_name__of_a_plain_folder_too(given, tmp_path):
    assert names(tmp_path, "alice/02_glcm_exercise.ipynb", given=given) == ["alice"]


@pytest.mark.parametrize(
    ("naming", "student"),
    [
        ("file", "s_7"),
        ("folder", "a"),
        (r"/s_(\d)/", "7"),
        (r"/(?P<student>\w)\/s/", "b"),
        (r"/s_\d/", "s_7"),
    ],
)
def test_name__from_where_one_wants(naming, student, tmp_path):
    assert names(tmp_path, "a/b/s_7.ipynb", naming=naming) == [student]


@pytest.mark.parametrize("naming", ["folders", "/(/", "//", "s_(.*)"])
def test_name__an_expression_that_is_none_is_refused(naming, tmp_path):
    with pytest.raises(LearnerError) as caught:
        find([laid(tmp_path, "a.ipynb")], naming)
    assert caught.value.key == "grade-bad-naming"


def test_name__an_expression_that_leaves_a_file_out_is_refused(tmp_path):
    with pytest.raises(LearnerError) as caught:
        find([laid(tmp_path, "s_1.ipynb", "t.ipynb")], r"/s_(\d)/")
    assert caught.value.key == "grade-no-name"
    assert caught.value.values["path"].endswith("t.ipynb")


def test_name__is_in_one_form_and_on_one_line(tmp_path):
    assert names(tmp_path, "Jose\u0301\u202e x\u200b.ipynb") == ["José x"]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on Unix only")
def test_name__that_is_no_text_can_be_written_all_the_same(tmp_path):
    try:
        open(os.fsencode(tmp_path) + b"/al\xffice.ipynb", "w").close()
    except OSError:
        pytest.skip("not on this file system")
    (one,) = find([tmp_path])
    assert (one.student.encode(), one.shown.encode()) is not None
    assert "ice" in one.student


def test_find__passes_over_what_was_not_handed_in(tmp_path):
    laid(
        tmp_path,
        "alice/02_glcm.ipynb", "alice/02_glcm_exercise.ipynb", "alice/02_glcm_exercise.new.ipynb",
        "alice/.ipynb_checkpoints/02_glcm_exercise-checkpoint.ipynb", "__MACOSX/alice/._x.ipynb",
        "alice/notes.txt", "out/feedback/alice/02.ipynb", "bob/02_glcm_exercise.new.ipynb",
    )  # fmt: skip
    found = find([tmp_path], out=tmp_path / "out")
    assert [one.shown[len(str(tmp_path)) + 1 :] for one in found] == [
        "alice/02_glcm_exercise.ipynb",
        "bob/02_glcm_exercise.new.ipynb",
    ]


def test_find__does_not_walk_through_links_but_lists_a_linked_file(tmp_path):
    laid(tmp_path / "elsewhere", "secret.ipynb")
    laid(tmp_path / "hand-ins", "alice.ipynb")
    (tmp_path / "hand-ins" / "bob").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "hand-ins" / "carol.ipynb").symlink_to(tmp_path / "elsewhere" / "secret.ipynb")
    (tmp_path / "hand-ins" / "self").symlink_to(tmp_path / "hand-ins")
    assert [one.student for one in find([tmp_path / "hand-ins"])] == ["alice", "carol"]


def test_find__a_file_that_is_given_twice_is_there_once(tmp_path):
    laid(tmp_path, "alice.ipynb")
    assert len(find([tmp_path, tmp_path / "alice.ipynb", tmp_path / "." / "alice.ipynb"])) == 1


def test_find__a_path_that_is_not_there_is_told(tmp_path):
    with pytest.raises(LearnerError) as caught:
        find([tmp_path / "none"])
    assert caught.value.key == "grade-no-such-path"


@pytest.mark.parametrize(
    ("noted", "when"),
    [
        ("2026-02-02 15:58:23.948203 UTC", "2026-02-02T15:58:23+00:00"),
        ("2026-02-02 15:58:23 Asia/Shanghai", "2026-02-02T07:58:23+00:00"),
        ("2026-02-02 15:58:23 +0800", "2026-02-02T07:58:23+00:00"),
        ("2026-02-02 15:58:23 CST", ""),  # China's or Chicago's
        ("2026-02-02 15:58:23", "2026-02-02T15:58:23+00:00"),
        ("yesterday", "2001-09-09T01:46:40+00:00"),
        ("2026-99-99 15:58:23", "2001-09-09T01:46:40+00:00"),
    ],
)
def test_when__is_what_nbgrader_noted_or_the_time_of_the_file(noted, when, tmp_path):
    folder = laid(tmp_path, "submitted/ann/02_glcm/x.ipynb") / "submitted/ann/02_glcm"
    (folder / "timestamp.txt").write_text(noted, encoding="utf-8")
    os.utime(folder / "x.ipynb", (10**9, 10**9))
    (one,) = find([tmp_path])
    assert one.handed_in == when


def test_found__carries_the_lab_that_is_wanted(tmp_path):
    laid(tmp_path, "alice.ipynb")
    (one,) = find([tmp_path], lab="02")
    assert isinstance(one, Found)
    assert one.lab == "02"
