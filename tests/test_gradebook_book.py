"""The book: what is added once, what counts, and that nothing is ever overwritten."""

from dataclasses import replace

import pytest
from books import add, add_folder, all_kinds, everything, final, made, new_book, one, scores, standing

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import check, deciding, history, people, times
from rgteach.grading.gradebook.handing import Times
from rgteach.grading.gradebook.points import exact, shown
from rgteach.grading.rubric import queue
from rgteach.grading.rubric.marks import Mark

DUE = times.instant("2026-11-20 23:59 +08:00")


@pytest.fixture
def book(tmp_path):
    return new_book(tmp_path)


def at(when: str, student: str = "alice", lab: str = "") -> Times:
    return Times((), {(student, lab): times.instant(when, "Asia/Shanghai")})


def events(book, student: str, lab: str = "02") -> list:
    with book.reading() as session:
        return list(history.history(session, people.one(session, student).id, [lab]))


def test_add__all_of_a_class_is_there_whatever_the_names(book):
    class_ = made(14)
    counts = add(book, class_)
    assert (counts.submissions, counts.attempts, counts.regraded, counts.same) == (14, 14, 0, 0)
    for graded in class_:
        found = standing(book, graded.student, graded.lab)
        assert found.final == sum(exact(e.points) for e in graded.exercises)
        assert found.work.out_of == exact(graded.out_of) + exact(graded.by_person)


def test_add__the_same_run_twice_changes_nothing(book, tmp_path):
    folder = scores(tmp_path / "graded", made(14))
    add_folder(book, folder)
    before = everything(book)
    assert add_folder(book, folder).known
    assert everything(book) == before


def test_add__another_run_that_found_the_same_is_no_new_grading(book, tmp_path):
    add_folder(book, scores(tmp_path / "a", made(6)))
    slower = [replace(g, seconds=9.0) for g in made(6)]
    counts = add_folder(book, scores(tmp_path / "b", slower, made_with="0.2.0"))
    assert (counts.known, counts.regraded, counts.same) == (False, 0, 6)
    assert len(everything(book)["rg_run"]) == 2
    assert len(everything(book)["rg_grading"]) == 6


def test_regrade__the_new_points_count_and_the_old_ones_stay(book, tmp_path):
    old, new = all_kinds(), replace(one(kind="right"), edition="ed2")
    add_folder(book, scores(tmp_path / "a", [old]))
    add_folder(book, scores(tmp_path / "b", [new]))
    assert final(book, "alice") == shown(exact(new.points))
    told = events(book, "alice")
    assert [e.kind for e in told] == ["attempt", "graded", "regraded"]
    assert [e.final for e in told] == [exact(old.points), exact(old.points), exact(new.points)]
    assert told[1].values["edition"] == "ed1710n"
    assert told[2].values["edition"] == "ed2"
    assert "→" in told[2].values["moved"]


def test_regrade__an_old_run_that_is_added_again_does_not_count_again(book, tmp_path):
    first, second = scores(tmp_path / "a", [all_kinds()]), scores(tmp_path / "b", [one(kind="right")])
    add_folder(book, first)
    add_folder(book, second)
    before = everything(book)
    assert add_folder(book, first).known
    assert everything(book) == before


def test_add__what_ran_without_a_wall_is_no_grade(book):
    counts = add(book, [replace(one("alice"), is_grade=False), one("bob")])
    assert (counts.no_grades, counts.attempts) == (1, 1)
    with pytest.raises(LearnerError) as error:
        standing(book, "alice")
    assert error.value.key == "gradebook-no-student"


@pytest.mark.parametrize(
    "wrong",
    [{"points": 999}, {"points": float("nan")}, {"points": -1, "exercises": ()}, {"out_of": 0.5}],
    ids=str,
)
def test_add__numbers_that_cannot_be_stop_all_of_it(book, wrong):
    before = everything(book)
    with pytest.raises(LearnerError) as error:
        add(book, [one("alice"), replace(one("bob"), **wrong)])
    assert error.value.key == "gradebook-bad-points"
    assert everything(book) == before


@pytest.mark.parametrize(
    "damage",
    [lambda t: t[: len(t) // 2], lambda t: t[:-1], lambda t: "", lambda t: t + "x", lambda t: "[" * 9000,
     lambda t: t.replace('"format": 1', '"format": 99'), lambda t: t.replace('"exercises"', '"x"', 1)],
    ids=["half", "one short", "empty", "more", "deep", "newer", "a name lost"],
)  # fmt: skip
def test_add__a_damaged_file_adds_nothing(book, tmp_path, damage):
    folder = scores(tmp_path / "graded", made(14))
    text = (folder / "scores.json").read_text(encoding="utf-8")
    (folder / "scores.json").write_text(damage(text), encoding="utf-8")
    before = everything(book)
    with pytest.raises(LearnerError) as error:
        add_folder(book, folder)
    assert error.value.key == "gradebook-bad-scores"
    assert everything(book) == before


def test_attempts__the_last_counts_or_the_best_and_one_that_cannot_be_read_never_before_another(book):
    good, bad = one(kind="right", digest="a" * 64), one(kind="mistake", digest="b" * 64)
    add(book, [good], when=at("2026-11-18 12:00"))
    add(book, [bad], when=at("2026-11-19 12:00"))
    broken = replace(
        bad, digest="c" * 64, exercises=(), points=0, out_of=0, by_person=0, problem="check-not-json"
    )
    add(book, [broken], when=at("2026-11-20 12:00"))
    assert standing(book, "alice").attempts == 3
    assert final(book, "alice") == shown(exact(bad.points))
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", counts="best")
    assert final(book, "alice") == shown(exact(good.points))


def test_attempts__the_best_is_found_after_lateness(book):
    add(book, [one(kind="right", digest="a" * 64)], when=at("2026-11-30 12:00"))
    add(book, [one(kind="partly", digest="b" * 64)], when=at("2026-11-20 12:00"))
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", due=DUE, zone="Asia/Shanghai", per_day=2000, counts="best")
    found = standing(book, "alice")
    assert (found.work.days, found.attempts) == (0, 2)


def test_times__what_was_given_goes_before_a_timestamp_and_that_before_the_file(book, tmp_path):
    import hashlib
    import os

    folder = tmp_path / "submitted" / "alice" / "02"
    folder.mkdir(parents=True)
    (folder / "x.ipynb").write_bytes(b"{}")
    os.utime(folder / "x.ipynb", (1_700_000_000, 1_700_000_000))
    digest = hashlib.sha256(b"{}").hexdigest()
    graded = one(submission="submitted/alice/02/x.ipynb", digest=digest)

    def handed(**more) -> str:
        add(book, [replace(graded, seconds=len(more) + 1)], when=Times([tmp_path], **more))
        work = standing(book, "alice").work
        return f"{work.source} {times.told(work.handed)}"

    assert handed() == "file 2023-11-14 22:13:20 +00:00"
    (folder / "timestamp.txt").write_text("2023-11-10 12:00:00.000000 America/Los_Angeles")
    assert handed() == "timestamp 2023-11-10 20:00 +00:00"
    (folder / "timestamp.txt").write_text("2023-11-09 12:00:00 CST")  # which of them?
    assert handed() == "timestamp 2023-11-10 20:00 +00:00"
    given = {("alice", "02"): times.instant("2023-11-12 08:00 UTC")}
    assert handed(given=given) == "given 2023-11-12 08:00 +00:00"


def test_times__as_the_grader_noted_them_in_its_scores(book, tmp_path):
    from rgteach.grading import write

    (tmp_path / "graded").mkdir()
    graded = [one("alice"), one("bob")]
    noted = {graded[0].submission: "2026-11-21T10:00:00+00:00"}
    with write.Scores(tmp_path / "graded", noted) as scores_file:
        for one_of_them in graded:
            scores_file.add(one_of_them)
    assert add_folder(book, tmp_path / "graded").attempts == 2
    work = standing(book, "alice").work
    assert (work.source, times.told(work.handed)) == ("noted", "2026-11-21 10:00 +00:00")
    assert standing(book, "bob").work.handed is None


def test_times__another_file_of_the_same_name_says_nothing(book, tmp_path):
    (tmp_path / "x.ipynb").write_bytes(b"something else")
    add(book, [one(submission="x.ipynb")], when=Times([tmp_path]))
    assert standing(book, "alice").work.handed is None


def test_times__come_later_too_and_handing_in_the_same_file_again_is_no_delay(book, tmp_path):
    folder = scores(tmp_path / "graded", [one()])
    add_folder(book, folder)
    assert add_folder(book, folder, when=at("2026-11-22 12:00")).times == 1
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", due=DUE, zone="Asia/Shanghai", per_day=1000)
    assert standing(book, "alice").work.days == 2
    add_folder(book, folder, when=at("2026-11-20 12:00"))  # a correction: what was said last holds
    assert standing(book, "alice").work.days == 0


def test_changes__add_and_set_in_their_order_and_can_be_taken_back(book):
    graded = all_kinds()
    add(book, [graded])
    with book.writing() as session:
        first = deciding.change(session, "02", "alice", "add", 150, "forum", "Li")
    assert final(book, "alice") == shown(exact(graded.points) + 150)
    with book.writing() as session:
        deciding.change(session, "02", "alice", "set", 1000, "agreed", "Wang")
        deciding.change(session, "02", "alice", "add", -50, "rude", "Li")
    assert final(book, "alice") == "9.5"
    with book.writing() as session:
        deciding.undo(session, first, "oops", "Li")
    assert final(book, "alice") == "9.5"
    with pytest.raises(LearnerError), book.writing() as session:
        deciding.undo(session, first, "again", "Li")
    told = [(e.kind, e.who, e.values["reason"]) for e in events(book, "alice") if "change" in e.kind]
    assert told[0] == ("change-add", "Li", "forum")
    assert told[3] == ("change-undo", "Li", "oops")
    assert [e.final for e in events(book, "alice")][-1] == 950


def test_changes__need_a_reason_and_never_go_below_nothing(book):
    add(book, [one(kind="not tried")])
    with pytest.raises(LearnerError, match="reason"), book.writing() as session:
        deciding.change(session, "02", "alice", "add", 100, "  ", "Li")
    with book.writing() as session:
        deciding.change(session, "02", "alice", "add", -5000, "copied", "Li")
    assert final(book, "alice") == "0"


def test_changes__of_an_exercise_come_before_lateness_and_a_regrade_after_them_is_named(book):
    graded = all_kinds()
    wrong = next(e for e in graded.exercises if e.outcome == "wrong")
    expected = (exact(graded.points) - exact(wrong.points) + exact(wrong.out_of) + 1) // 2
    add(book, [graded], when=at("2026-11-21 12:00"))
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", due=DUE, zone="Asia/Shanghai", per_day=5000)
        points = exact(wrong.out_of)
        deciding.change(session, "02", "alice", "set", points, "it is fine", "Li", wrong.exercise)
    assert standing(book, "alice").final == expected
    add(book, [replace(graded, edition="ed2")])
    assert standing(book, "alice").final == expected
    with book.reading() as session:
        assert "regraded" in {finding.kind for finding in check.check(session)}


def test_extension__is_taken_back_by_one_without_a_time(book):
    add(book, [one(kind="right")], when=at("2026-11-22 12:00"))
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", due=DUE, zone="Asia/Shanghai", per_day=1000)
        deciding.extend(session, "02", "alice", times.instant("2026-11-23 12:00 +08:00"), "UTC", "ill", "Li")
    assert (standing(book, "alice").work.days, standing(book, "alice").extended) == (0, True)
    with book.writing() as session:
        deciding.extend(session, "02", "alice", None, "UTC", "a mistake", "Li")
    assert (standing(book, "alice").work.days, standing(book, "alice").extended) == (2, False)


def mark(graded, points: float, number: int, of: float = 0) -> Mark:
    found = next(e for e in graded.exercises if queue.is_open(e))
    of = of or found.out_of
    texts = (queue.name(graded, found), graded.student, graded.lab, found.exercise)
    return Mark(*texts, (of,), (points,), "well said", "Li", "2026-11-20T00:00:00+00:00", number)


def test_marks__count_for_the_text_they_were_given_and_the_newest_stands(book):
    graded = one(kind="right")
    add(book, [graded])
    assert standing(book, "alice").work.waiting == exact(graded.by_person)
    with book.writing() as session:
        assert deciding.mark(session, [mark(graded, 3.5, 2), mark(graded, 1, 1)], "Li") == 2
        assert deciding.mark(session, [mark(graded, 3.5, 2)], "Wang") == 0
    found = standing(book, "alice")
    assert found.final == exact(graded.points) + 350
    assert found.work.waiting == exact(graded.by_person) - exact(mark(graded, 1, 1).of[0])
    changed = replace(graded, digest="d" * 64)  # other code, the same text
    add(book, [changed])
    assert standing(book, "alice").final == exact(graded.points) + 350
    other = [replace(e, source=e.source + " more") if queue.is_open(e) else e for e in graded.exercises]
    add(book, [replace(graded, digest="e" * 64, exercises=tuple(other))])
    assert standing(book, "alice").final == exact(graded.points)


def test_marks__one_that_is_not_complete_waits(book):
    graded = one(kind="right")
    add(book, [graded])
    with book.writing() as session:
        assert deciding.mark(session, [replace(mark(graded, 1, 1), points=(None,))], "Li") == 0


def test_check__names_what_may_make_a_grade_wrong(book):
    add(book, made(14))
    add(book, [replace(one("bob2"), edition="another")])
    with book.writing() as session:
        deciding.set_late(session, "02", "tester", due=DUE)
    with book.reading() as session:
        found = {finding.kind: finding for finding in check.check(session)}
    assert found.keys() >= {"no-time", "editions", "no-lab", "waiting", "flags"}
    assert found["editions"].problem
    assert not found["waiting"].problem
