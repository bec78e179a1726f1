"""How the book reads scores: passing over what it does not keep changes nothing of what it takes."""

import gc
import hashlib
import json
from dataclasses import asdict, replace

import pytest
from books import all_kinds, made, one

from rgteach.errors import LearnerError
from rgteach.grading import write
from rgteach.grading.gradebook import quickly, reading, times
from rgteach.grading.gradebook.submitted import came, content, submitted
from rgteach.grading.model import Flag, to_data
from rgteach.grading.rubric import queue
from rgteach.waste import no_search_for_waste

HOSTILE = [
    '"},{"exercise":"x","card":null,"flags":[],"source":"',
    '"}],"answered":5,"points":99',
    ',"card":{"by_person":true},"flags":[],"outcome":"by person"',
    'a\\"},{\\"exercise\\":"\\\\',
    "图像\n\t\u2028😀\\",
    '"exercises":[]',
    "",
]


def hostile(text: str):
    """A submission in which a student could write so everywhere."""
    graded = replace(all_kinds("bob"), submission=f"x/{text}.ipynb")
    flags = (
        Flag("no-name", {"source": text, "card": {"flags": [text]}}, 3, text),
        Flag("two", {"seconds": 1}),
    )
    exercises = [
        replace(e, source=text, told=text, flags=flags if k % 2 else ())
        for k, e in enumerate(graded.exercises)
    ]
    return replace(graded, exercises=tuple(exercises), notes=flags)


def marked(graded):
    """The same, after a person has marked what is open."""
    exercises = [
        replace(e, outcome="right", points=e.out_of, card=replace(graded.exercises[0].card, by_person=True))
        if e.outcome == "by person"
        else e
        for e in graded.exercises
    ]
    return replace(graded, exercises=tuple(exercises))


def lines_of(folder, graded) -> list[str]:
    """The lines of submissions as the grader writes them."""
    folder.mkdir(exist_ok=True)
    text = write.write(folder, graded).read_text(encoding="utf-8")
    return text.split("\n")[1:-2]


CLASS = {
    "class": lambda: made(14),
    "marked": lambda: [marked(one("alice", kind="right")), marked(all_kinds("bob", lang="zh"))],
    **{
        f"hostile {k}": lambda text=text: [hostile(text), marked(hostile(text))]
        for k, text in enumerate(HOSTILE)
    },
}


@pytest.mark.parametrize("name", CLASS)
def test_quickly__takes_what_a_whole_line_decoded_gives(tmp_path, name):
    for line in lines_of(tmp_path, CLASS[name]()):
        found = quickly.read(line)
        assert found is not None  # a line as the grader writes it is known
        assert found == submitted(json.loads(line.rstrip(",")))


@pytest.mark.parametrize("more", [{}, {"indent": 1}, {"separators": (",", ":")}], ids=str)
def test_scores__another_program_may_have_shaped_the_file(tmp_path, more):
    class_ = [to_data(g) for g in [*made(5), hostile(HOSTILE[0])]]
    text = json.dumps({"format": 1, "made_with": "x", "graded": class_}, **more)
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")
    assert list(reading.Scores(tmp_path)) == [submitted(data) for data in class_]


def test_scores__a_line_that_is_cut_is_an_error(tmp_path):
    lines_of(tmp_path, made(5))
    path = tmp_path / "scores.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"answered"', '"answ', 1), encoding="utf-8")
    with pytest.raises(LearnerError) as error:
        list(reading.Scores(tmp_path))
    assert error.value.key == "gradebook-bad-scores"


@pytest.mark.parametrize("name", CLASS)
def test_content__is_the_digest_that_books_hold(name):
    """As it was first made, from objects: books that exist must know the same result again."""
    for graded in CLASS[name]():
        exercises = [
            [e.exercise, e.outcome, repr(e.points), repr(e.out_of), e.found, sorted(e.groups.items()),
             e.mistake, e.told, [asdict(flag) for flag in e.flags]]
            for e in graded.exercises
        ]  # fmt: skip
        names = ("points", "out_of", "by_person", "answered", "questions", "problem", "seed", "edition")
        found = [repr(getattr(graded, name)) for name in names]
        text = json.dumps(
            [exercises, found, [asdict(f) for f in graded.notes], dict(graded.told)], sort_keys=True
        )
        known = submitted(json.loads(json.dumps(to_data(graded))))
        assert content(known, came(known)) == hashlib.sha256(text.encode()).hexdigest()
        answers = {k: queue.name(graded, e) for k, e in enumerate(graded.exercises) if queue.is_open(e)}
        assert known.answers == answers


def test_content__tells_an_integer_from_a_number_with_a_point():
    data = to_data(one(kind="right"))
    first = data["exercises"][0]
    texts = []
    for points in (int(first["points"]), float(first["points"])):
        data["exercises"][0] = first | {"points": points}
        known = submitted(data)
        texts.append(content(known, came(known)))
    assert len(set(texts)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T10:00:00+00:00", "2026-11-21 10:00 +00:00"),
        ("2026-11-21T10:00:00.250000+08:00", "2026-11-21 02:00 +00:00"),
        ("2026-11-21T10:00:00-03:30", "2026-11-21 13:30 +00:00"),
    ],
)
def test_times__as_the_grader_writes_them(text, expected):
    assert times.told(times.instant(text)) == expected
    assert times.instant(text) == times.instant(text.replace("T", " "))


def test_waste__after_a_pause_there_is_no_search_at_once_and_what_was_put_aside_stays_there():
    with no_search_for_waste():
        assert not gc.isenabled()
        kept = [[] for _ in range(20_000)]
    assert gc.isenabled()
    assert gc.get_count()[0] < len(kept) // 2
    gc.freeze()
    try:
        aside = gc.get_freeze_count()
        with no_search_for_waste():
            pass
        assert gc.get_freeze_count() >= aside - 100 > 0
    finally:
        gc.unfreeze()
