"""Graded submissions made by hand, as a class would hand them in: for tests of all that comes after grading.

    made(students=30, lab="02", seed=0)     a list of Graded, the same for the same arguments

The cards come from the real public key, the sources from the page; what is hidden is only counted, so
nothing has to run.  One student hands in a truncated file, and names are as hostile as names get.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rgteach.course import feedback, judge, keys, source
from rgteach.course.check import cannot
from rgteach.course.keys import Key
from rgteach.course.run import Call
from rgteach.grading.model import ExerciseGrade, Flag, Graded

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = {"ordinary": 7, "edge": 2, "degenerate": 1}
HIDDEN = {"ordinary": 12, "edge": 3, "degenerate": 2}
NAMES = ("alice", "Bob", "chen.wei", "王小明", "O'Brien, Zoë", "<script>alert(1)</script>", "con", "a/../b")
THOUGHTS = {
    "en": (
        "With a bin width of 25 HU the aorta has a contrast of 0.5 along the rows and 0.7 down the columns."
        " Blood has no texture, so this is noise. The muscle differs between directions, so I see streaks.",
        "I changed the bin width to 50 and all contrasts fell. One patient and one slice prove nothing; I"
        " would scan a phantom.\n\n| width | aorta |\n|---|---|\n| 25 | 0.5 |\n| 50 | 0.3 |",
        "Contrast tells bone from blood, so the colleague is right.",
    ),
    "zh": (
        "箱宽为 25 HU 时，主动脉沿行的对比度约为 0.5，沿列约为 0.7。血液没有纹理，所以这是噪声。"
        "肌肉两个方向的差别更大，提示是条纹伪影。",
        "我把箱宽改成 50，所有对比度都下降了。只有一位患者、一个层面，什么也证明不了；应该先扫描体模。",
        "对比度能区分骨和血液，所以这位同事说得对。",
    ),
}
_WRONG = re.compile(r"```\{code-cell\}\n---\n(role: wrong\n.*?)\n---\n(.*?)\n```", re.DOTALL)
_BROKEN = "def {function}(*given):\n    return undefined_name(*given)"
_KINDS = ("right", "right", "right", "mistake", "mistake", "partly", "not tried", "cannot run", "breach")


def made(students: int | Sequence[str] = 12, lab: str = "02", seed: int = 0, **more) -> list[Graded]:
    """A class: `students` many of them, or those of these names; `more` replaces fields of each."""
    names = list(students) if not isinstance(students, int) else list(_names(students))
    return [
        _graded(name, lab, k, random.Random(f"{seed}/{name}/{lab}"), more) for k, name in enumerate(names)
    ]


def one(student: str = "alice", lab: str = "02", lang: str = "en", kind: str = "", **more) -> Graded:
    """A submission whose exercises all went the same way: one of right, mistake, partly, not tried …"""
    rng = random.Random(f"{student}/{lab}/{kind}")
    kinds = [kind or rng.choice(_KINDS) for _ in lab_keys(lab)]
    return _whole(student, lab, lang, kinds, rng, more)


def all_kinds(student: str = "alice", lab: str = "02", lang: str = "en", **more) -> Graded:
    """A submission in which everything happens that can happen, one exercise each."""
    kinds = ["right", "mistake", "partly", "not tried", "cannot run", "breach"]
    return _whole(student, lab, lang, kinds, random.Random(0), more)


def _names(count: int):
    yield from NAMES[:count]
    yield from (f"student{k:03d}" for k in range(len(NAMES), count))


@cache
def lab_keys(lab: str) -> tuple[Key, ...]:
    """The public keys of a lab, in the order of the page."""
    (file,) = (ROOT / "exercises" / "keys").glob(f"{lab}_*.json")
    return tuple(keys.read(file.read_text(encoding="utf-8")))


@cache
def mistakes(lab: str) -> dict[tuple[str, str], str]:
    """The code of each mistake that a page names, by (exercise, mistake); quicker than reading the page."""
    (file,) = (ROOT / "solutions").glob(f"{lab}_*.md")
    found = {}
    for head, code in _WRONG.findall(file.read_text(encoding="utf-8")):
        options = dict(re.findall(r"^(exercise|expects): (\S+)$", head, re.MULTILINE))
        found[options["exercise"], options["expects"]] = code
    return found


def _graded(name: str, lab: str, number: int, rng: random.Random, more: dict) -> Graded:
    lang = rng.choice(("en", "zh"))
    if number == 11:
        return _truncated(name, lab, lang)
    return _whole(name, lab, lang, rng.choices(_KINDS, k=len(lab_keys(lab))), rng, more)


def _truncated(name: str, lab: str, lang: str) -> Graded:
    told = {"path": f"{name}.ipynb", "line": 12, "column": 3}
    path, digest = f"submitted/{name}/{lab}.ipynb", hashlib.sha256(name.encode()).hexdigest()
    return Graded(
        path, name, "", lang, digest, 0, 0, 0, (), problem="check-not-json", told=told, is_grade=True
    )


def _whole(name: str, lab: str, lang: str, kinds: Sequence[str], rng: random.Random, more: dict) -> Graded:
    found = tuple(
        _open(key, lang, rng) if key.is_open else _exercise(key, lang, kinds[k % len(kinds)], rng)
        for k, key in enumerate(lab_keys(lab))
    )
    closed = [e for e in found if e.outcome != "by person"]
    fields = {
        "submission": f"submitted/{name}/{lab}/{lab}_exercise.ipynb",
        "student": name,
        "lab": lab,
        "lang": lang,
        "digest": hashlib.sha256(f"{name}{lab}".encode()).hexdigest(),
        "points": sum(e.points for e in closed),
        "out_of": sum(e.out_of for e in closed),
        "by_person": sum(e.out_of for e in found if e.outcome == "by person"),
        "exercises": found,
        "answered": rng.randint(0, 5),
        "questions": 5,
        "seed": "5eedf1n9e2p21n7",
        "edition": "ed1710n",
        "is_grade": True,
        "seconds": 0.04,
    }
    return Graded(**fields | more)


def _open(key: Key, lang: str, rng: random.Random) -> ExerciseGrade:
    """What a student wrote; now and then nearly what another wrote."""
    text = rng.choice(THOUGHTS[lang]) + rng.choice(("", "", " ", "\n\n(" + "ab"[rng.randint(0, 1)] + ")"))
    return ExerciseGrade(key.id, "by person", 0, key.points, "id", source=text)


def _exercise(key: Key, lang: str, kind: str, rng: random.Random) -> ExerciseGrade:
    code = source.in_language(key.solution[lang], lang)
    expected = [case.expected for case in key.cases]
    public, groups = len(expected), {name: (count, count) for name, count in HIDDEN.items()}
    if kind in ("right", "breach"):
        return _grade(key, kind, lang, expected, groups, code, rng)
    if kind == "partly":
        groups |= {"edge": (1, 3)} if rng.random() < 0.6 else {"degenerate": (0, 2), "edge": (2, 3)}
        return _grade(key, kind, lang, expected, groups, code, rng)
    if kind == "mistake":
        mistake = rng.choice(key.mistakes)
        groups = {"ordinary": (rng.randint(0, 6), 12), "edge": (rng.randint(0, 3), 3), "degenerate": (2, 2)}
        code = source.in_language(source.solved(mistakes(key.lab)[key.id, mistake.name]), lang)
        return _grade(key, "wrong", lang, mistake.outputs, groups, code, rng)
    if kind == "not tried":
        card = feedback.card(key, judge.judge(key, [Call("stub")]), [Call("stub")], lang)
        return ExerciseGrade(key.id, "not tried", 0, key.points, "id", (0, public), card=card)
    nothing = {name: (0, count) for name, count in HIDDEN.items()}
    card = cannot(key.id, lang, "cannot-missing", key.title, function=key.function, also="")
    code = _BROKEN.format(function=key.function)
    return ExerciseGrade(
        key.id, "cannot run", 0, key.points, "name", (0, public), nothing, card=card, source=code
    )


def _grade(key: Key, kind: str, lang: str, calls, groups: dict, code: str, rng) -> ExerciseGrade:
    verdict = judge.judge(key, calls)
    passed = sum(judge.same(case.expected, call, key) for case, call in zip(key.cases, calls, strict=True))
    earned = [w for name, w in WEIGHTS.items() if groups[name][0] == groups[name][1]]
    share = sum(earned) / 10 if groups["ordinary"][0] == groups["ordinary"][1] else 0
    flags: tuple[Flag, ...] = ()
    if kind == "breach":
        share = 0
        code = "from scipy import stats\n\n" + code
        flags = (Flag("forbidden", {"name": "scipy.stats"}, 1, "from scipy import stats"),)
    return ExerciseGrade(
        key.id,
        kind,
        round(key.points * share, 4),
        key.points,
        rng.choice(("id", "id", "id", "mark", "line", "name")),
        (passed, len(key.cases)),
        groups,
        mistake=verdict.mistake,
        told="" if verdict.mistake or verdict.outcome == "right" else verdict.told,
        card=feedback.card(key, verdict, calls, lang),
        flags=flags,
        seconds=0.005,
        source=code,
    )
