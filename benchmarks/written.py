"""A class that has handed in and was graded, of any size, without a grader: `scores.json` and a class list.

What came of an exercise (points, groups of cases, mistake, card) is taken from some dozens of submissions
that are made from the pages as tests make them; what each student wrote is written anew, so that hardly two
texts are the same: own names, own remarks, lines that one would not need, answers that were copied and
altered, some that are no Python.  One in twenty hands in twice; one file in two hundred cannot be read.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

KINDS = ("right", "partly", "mistake", "cannot run", "not tried", "breach")
WEIGHTS = {0: (55, 12, 20, 5, 6, 2), 1: (86, 6, 5, 1, 1, 1)}  # of most students, and of good ones
NAMES = """a b c d e m n p q r s t u v w h k tmp res result out total acc value val cur count counts num arr
mat data image rows cols idx pos first second left right up low high start stop part whole answer one two
x0 y0 xx yy grid table step size width height level levels_ pair_count my_sum s_1 new old best""".split()
REMARKS = """go over all pixels|count the pairs|this is the important part|see lecture 2|why does this work
TODO|ask about the border|like on the blackboard|sum up|make an empty matrix|check that both are inside
divide by n|先建一个空矩阵|遍历所有像素|这里要注意边界|求和|再检查一遍|not sure about this""".replace(
    "\n", "|"
).split("|")
LINES = (
    "{a} = 0", "assert {b} is not None", "print({b!r})", "{a} = {b}", "{a} = list(range({n}))",
    "{a} = {n} * 2", "if {b} is None:\n    raise ValueError('no {b}')", "{a} = np.asarray({b})",
    "for {a} in range({n}):\n    pass",
    "{a} = [{n} - k for k in range({n})]", "{a} = {n} if {n} > 3 else None", "{a} = max({n}, 1)",
    "try:\n    {a} = len({b})\nexcept TypeError:\n    {a} = {n}",
    "{a} = float({n})", "{a}, {n_} = {n}, {n} + 1",
)  # fmt: skip
WORDS = """contrast noise direction rows columns streak step bin width blood muscle scanner phantom texture
pairs matrix gray level smaller larger because so but one patient nothing proved differs follows""".split()
GIVEN = (
    "Ada Bo Chen Dana Eve Farid Gao Hua Ines Jun Kim Lin Mei Noor Olga Pia Qi Rosa Sun Tao 小明 丽 伟".split()
)


def write(folder: Path, students: int, *, lab: str = "02", seed: int = 0) -> Path:
    """Write `scores.json`, `seconds.json` and `class.csv` of so many students into a folder; gives it."""
    from rgteach.grading import took

    folder.mkdir(parents=True, exist_ok=True)
    times = {}
    head = '{"format": 1, "made_with": "0.1.0", "graded": [\n'
    with open(folder / "scores.json", "w", encoding="utf-8") as file:
        file.write(head)
        for k, whole in enumerate(submissions(students, lab, seed)):
            data, times[whole["submission"]] = took.taken_out(whole)
            file.write((",\n" if k else "") + json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        file.write("\n]}\n")
    with open(folder / took.NAME, "wb") as file:
        took.write(file, times.items())
    with open(folder / "class.csv", "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "name", "email", "section", "lang"])
        for k in range(students):
            name = f"{GIVEN[k % len(GIVEN)]} {GIVEN[k // 7 % len(GIVEN)]}{k}"
            lines.writerow([_id(k), name, f"{_id(k)}@example.org", f"S{k % 40:02d}", "zh" if k % 3 else "en"])
    return folder


def _id(k: int) -> str:
    return f"u{k:05d}"


def submissions(students: int, lab: str = "02", seed: int = 0) -> Iterator[dict]:
    """The data of each submission, as `scores.json` has it."""
    pool, earlier = _pool(lab), {}
    for k in range(students):
        rng = random.Random(f"{seed}/{k}")
        times = 2 if rng.random() < 0.05 else 1
        for attempt in range(times):
            yield _submission(k, attempt, attempt == times - 1, lab, pool, earlier, rng)


@cache
def _pool(lab: str) -> dict[tuple[str, str], list[list[dict]]]:
    """(kind, language) -> the exercises of some submissions in which all went that way."""
    from graded import one

    from rgteach.grading.model import to_data

    return {
        (kind, lang): [to_data(one(f"{kind}{k}", lab, lang, kind))["exercises"] for k in range(6)]
        for kind in KINDS
        for lang in ("en", "zh")
    }


def _submission(k: int, attempt: int, counts: bool, lab: str, pool, earlier, rng: random.Random) -> dict:
    student, lang = _id(k), "zh" if k % 3 else "en"
    named = f"{student}-{attempt}"
    whole = {
        "counts": counts, "handed_in": f"2026-11-{10 + k % 12:02d}T{k % 24:02d}:{attempt * 30:02d}:07+00:00",
        "submission": f"handed/{student}/{lab}_{attempt}.ipynb", "student": student, "lab": lab, "lang": lang,
        "digest": hashlib.sha256(named.encode()).hexdigest(), "points": 0, "out_of": 0, "by_person": 0,
        "exercises": [], "answered": rng.randint(0, 5), "questions": 5, "notes": [], "problem": "",
        "told": {}, "seed": "5eedf1n9e2p2", "edition": "ed1710n0f7he", "is_grade": True, "seconds": 0.2,
    }  # fmt: skip
    if rng.random() < 0.005:
        told = {"path": whole["submission"], "line": 12, "column": 3}
        return whole | {"lab": "", "problem": "check-not-json", "told": told}
    good = int(rng.random() < 0.4)
    for place, first in enumerate(pool["right", lang][0]):
        (kind,) = rng.choices(KINDS, WEIGHTS[good])
        data = first if first["outcome"] == "by person" else pool[kind, lang][rng.randrange(6)][place]
        data = data | {"source": _source(data, place, lang, rng, earlier), "seconds": rng.random() / 50}
        whole["exercises"].append(data)
    closed = [e for e in whole["exercises"] if e["outcome"] != "by person"]
    sums = {name: sum(e[name] for e in closed) for name in ("points", "out_of")}
    by_person = sum(e["out_of"] for e in whole["exercises"]) - sums["out_of"]
    return whole | sums | {"by_person": by_person}


def _source(data: dict, place: int, lang: str, rng: random.Random, earlier: dict[int, list[str]]) -> str:
    """What a student wrote; one in fifty has another's answer before the eyes."""
    if data["outcome"] == "by person":
        return data["source"] + " " + " ".join(rng.choices(WORDS, k=rng.randint(3, 30)))
    if not data["source"]:
        return ""
    text, known = data["source"], earlier.setdefault(place, [])
    if rng.random() < 0.02 and known:
        text = rng.choice(known)
    text = rewritten(text, rng)
    if len(known) < 500:
        known.append(text)
    return text + "\n)" if rng.random() < 0.005 else text


def rewritten(text: str, rng: random.Random) -> str:
    """The same answer in another hand."""
    names, pattern = _own(text)
    if pattern is None:
        return text
    renamed = [name for name in names if rng.random() < 0.5]
    new = dict(zip(renamed, rng.sample(NAMES, len(renamed)), strict=False))
    lines = pattern.sub(lambda found: new.get(found[0], found[0]), text).split("\n")
    lines = [line for line in lines if not line.lstrip().startswith("#") or rng.random() < 0.5]
    at = next((k for k, line in enumerate(lines) if line.startswith("def ") and line.endswith(":")), None)
    if at is not None:
        for _ in range(rng.choices((0, 1, 2, 3, 4), (45, 20, 15, 12, 8))[0]):
            a, b, n_ = rng.sample(NAMES, 3)
            line = rng.choice(LINES).format(a=a, b=new.get(names[0], b), n=rng.randint(1, 90), n_=n_)
            lines.insert(at + 1, "    " + line.replace("\n", "\n    "))
    for _ in range(rng.choices((0, 1, 2, 3), (40, 30, 20, 10))[0]):
        lines.insert(rng.randint(0, len(lines)), f"{'    ' * rng.randint(0, 2)}# {rng.choice(REMARKS)}")
    if lines[-1].startswith("    return ") and rng.random() < 0.4:
        a = rng.choice(NAMES)
        lines[-1:] = [f"    {a} = {lines[-1][11:]}", f"    return {a}"]
    return "\n".join(lines)


@cache
def _own(text: str) -> tuple[list[str], re.Pattern | None]:
    """The names that an answer gives, and what finds them."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return [], None
    found = [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    found += [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
    names = list(dict.fromkeys(found))[: len(NAMES) // 2]
    return names, re.compile(rf"(?<![.\w])(?:{'|'.join(map(re.escape, names))})\b") if names else None
