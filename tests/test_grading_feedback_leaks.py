"""Nothing that counts is in what a student gets back: pages of real grades are searched for it.

Wrong answers of every kind are graded, also such as print, raise, return, change and warn about whatever
they are given; then every value of every hidden case is looked for, written in all the ways we know.
"""

import base64
import html
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pytest
from graded import ROOT, lab_keys

from rgteach.course import encode
from rgteach.course.page import read
from rgteach.course.show import show
from rgteach.course.source import in_language, solved
from rgteach.grading import seeds
from rgteach.grading.feedback import write_feedback
from rgteach.grading.grader import Grader
from rgteach.grading.students import Found

LAB, STUDENT = "02", "alice"
# what an answer may do with its input to have it told
WAYS = {
    "raises": "def {f}(*a):\n    raise ValueError(repr(a))",
    "prints": "def {f}(*a):\n    print(a)",
    "returns": "def {f}(*a):\n    return a",
    "warns": "import warnings\ndef {f}(*a):\n    warnings.warn(repr(a))\n    return 0.5",
    "changes": "def {f}(*a):\n    a[0][...] = 7\n    return a[0]",
    "class": "def {f}(*a):\n    return type(repr(a), (), {{}})()",
}
FEWEST = 8  # letters: what is shorter stands in any page by chance


@pytest.fixture(scope="module")
def page():
    return read(ROOT / "solutions" / "02_glcm.md")


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    secret = seeds.secret(tmp_path_factory.mktemp("secret") / "grading.secret")
    with Grader(ROOT, secret, isolate=False) as grader:
        yield grader


def handed_in(sources: dict[str, str], folder, lang: str):
    """A notebook with these answers."""
    data = json.loads((ROOT / "exercises" / lang / "02_glcm.ipynb").read_text(encoding="utf-8"))
    for cell in data["cells"]:
        name = cell["id"].removesuffix("-answer")
        if cell["id"] == f"{name}-answer":
            cell["source"] = sources[name]
    path = folder / f"{STUDENT}.ipynb"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def told(grader, sources: dict[str, str], folder, lang: str = "en") -> str:
    """All that a student gets back, in every form in which it may be read."""
    path = handed_in(sources, folder, lang)
    graded = grader.grade(Found(path, STUDENT, path.name))
    assert not graded.problem
    assert sum(bool(e.groups) or e.outcome == "cannot run" for e in graded.exercises) == 5
    texts = []
    for is_grade in (True, False):
        made = write_feedback(folder, replace(graded, is_grade=is_grade), notebook=path.read_bytes())
        texts += [made.read_text(encoding="utf-8"), made.with_suffix(".ipynb").read_text(encoding="utf-8")]
    plain = [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in texts]
    return "\n".join(texts + plain + [squeezed(text) for text in plain])


def squeezed(text: str) -> str:
    return re.sub(r"\s|&#10;", "", text)


def ways_to_write(value: object) -> set[str]:
    """A value in all the ways in which it may stand somewhere."""
    plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    raw = json.dumps(encode.encode(value)).encode()
    texts = {
        repr(value),
        str(value),
        show(value),
        show(value, 17),
        repr(plain),
        json.dumps(plain),
        raw.decode(),
    }
    texts |= {base64.b64encode(raw).decode(), raw.hex(), base64.b64encode(zlib.compress(raw)).decode()}
    if isinstance(value, np.ndarray):
        texts |= {value.tobytes().hex(), base64.b64encode(value.tobytes()).decode()}
        texts |= {sep.join(map(str, value.ravel().tolist())) for sep in (" ", ", ", "\t", "")}
    texts |= {squeezed(text) for text in texts}
    for number in np.ravel(np.asarray(plain, float)) if _is_numeric(plain) else ():
        texts |= {repr(float(number)), f"{number:.6g}", f"{number:.6f}", float(number).hex()}
    return {text for text in texts if len(text) >= FEWEST}


def _is_numeric(plain: object) -> bool:
    try:
        np.asarray(plain, float)
    except (TypeError, ValueError):
        return False
    return True


def values_of(cases) -> set[str]:
    found: set[str] = set()
    for case in cases:
        parts = [case.args, *case.args, *parts_of(case.expected)]
        found |= {text for part in parts for text in written(part)}
    return found


def parts_of(call) -> list:
    if call.kind != "value":
        return []
    return [call.value, *(call.value if isinstance(call.value, tuple) else ())]


def written(part: object) -> set[str]:
    return ways_to_write(part) if not isinstance(part, tuple) else {repr(part), str(part)}


@pytest.fixture(scope="module")
def hidden(grader) -> set[str]:
    """All that is kept from a student, but what the public cases hold too, or a mistake makes of them."""
    lab = grader.masters[LAB]
    found = {grader.secret.key.hex(), grader.secret.key.decode("ascii", "replace"), grader.secret.fingerprint}
    for key in lab_keys(LAB):
        if not key.is_open:
            drawn = grader.secret.seed(LAB, key.id, STUDENT)
            cases = lab.hidden(key.id, grader.secret.seeds(LAB, key.id, STUDENT))
            assert cases
            found |= {str(drawn), hex(drawn)[2:], *values_of(cases)}
    texts = [text for key in lab_keys(LAB) for text in values_of(key.cases)]
    outputs = [call for key in lab_keys(LAB) for mistake in key.mistakes for call in mistake.outputs]
    texts += [text for call in outputs for part in parts_of(call) for text in written(part)]
    public = "\n".join(texts)
    return {text for text in found if text not in public}


def test_search__finds_a_hidden_value_where_there_is_one(grader, hidden):
    assert len(hidden) > 300
    key = lab_keys(LAB)[1]
    case = grader.masters[LAB].hidden(key.id, grader.secret.seeds(LAB, key.id, STUDENT))[0]
    page = f"<p>{html.escape(show(case.args[0]))}</p> {show(case.expected.value)}"
    assert sum(text in squeezed(page) or text in page for text in hidden) >= 2


def found_in(text: str, hidden: set[str]) -> list[str]:
    return [secret for secret in hidden if secret in text]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_mistakes__their_pages_hold_nothing_hidden(number, lang, grader, hidden, page, tmp_path):
    sources = {
        name: in_language(solved(e.all("wrong")[number].code), lang)
        for name, e in page.exercises.items()
        if not e.is_open
    }
    assert found_in(told(grader, sources, tmp_path, lang), hidden) == []


@pytest.mark.parametrize("way", WAYS)
def test_answers_that_tell_on_their_input__their_pages_hold_nothing_hidden(
    way, grader, hidden, page, tmp_path
):
    sources = {name: WAYS[way].format(f=e.function) for name, e in page.exercises.items() if not e.is_open}
    assert found_in(told(grader, sources, tmp_path), hidden) == []


# an answer that looks for the cases that are still to come, or tells what an earlier exercise was given
SPIES = {
    "looks ahead": """
import sys
def {f}(*a):
    frame = sys._getframe()
    while frame:
        if "inputs" in frame.f_locals:
            raise ValueError(repr(frame.f_locals["inputs"][-3:]))
        frame = frame.f_back
""",
    "remembers": """
import sys
def {f}(*a):
    seen = sys.__dict__.setdefault("seen", [])
    seen.append(repr(a))
    raise ValueError(seen[-3] if len(seen) > 12 else "")
""",
    "second time": """
seen = []
def {f}(*a):
    seen.append(a)
    return repr(seen[-2]) if len(seen) > 14 else 0.5
""",
}


@pytest.mark.parametrize("way", SPIES)
def test_spies__their_pages_hold_nothing_hidden(way, grader, hidden, page, tmp_path):
    """Whatever is told in words comes from a run that hidden inputs never entered."""
    sources = {name: SPIES[way].format(f=e.function) for name, e in page.exercises.items() if not e.is_open}
    assert found_in(told(grader, sources, tmp_path), hidden) == []
