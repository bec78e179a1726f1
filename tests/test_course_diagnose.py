"""Each diagnosis is reached by an answer that deserves it, and says so in both languages."""

import re
import sys
import tomllib

import numpy as np
import pandas as pd
import pytest
from minilab import ROWS, carded, judged, key_for

from rgteach import wording
from rgteach.errors import LearnerError

COLUMN = [(np.array([4.0, 9.0, 1.0]),), (np.array([2.0, 0.5, 3.0]),), (np.array([7.0, 8.0, 5.5]),)]
TABLES = [(np.array([[1.0, 2.0], [3.0, 5.0]]),), (np.array([[0.0, 7.0, 1.0], [2.0, 2.0, 9.0]]),)]
VOLUMES = [(np.arange(24.0).reshape(2, 3, 4),), (np.arange(6.0).reshape(1, 2, 3),)]
SHARES = [(np.array([0.1, 0.9]),), (np.array([0.25, 0.5]),), (np.array([0.3, 0.45]),)]
LISTS = [([3, 1, 2],), ([5, 4],)]


def total(a):
    return a.sum()


def same(a):
    return a.copy()


def log2(a):
    return np.log2(a)


def two(a):
    return a.sum(), a.max()


def parts(a):
    return {"sum": a.sum(), "top": a.max()}


def refuses_small(a):
    if len(a) < 3:
        raise ValueError("too small")
    return a[0]


def calls_itself(a):
    return calls_itself(a)


def unbound(a):
    if a is None:
        top = 1
    return top


def grows(a, seen=[]):  # noqa: B006
    seen.append(1)
    return a.sum() + len(seen)


def sorts_in_place(a):
    a.sort()
    return a.sum()


def nested(a):
    value = []
    value.append(value)
    return value


def ends(a):
    sys.exit()


def asserts(a):
    assert len(a) == 99, "99 wanted"


def teaches(a):
    raise LearnerError("unknown-language", given="fr", known="en, zh")


def own_error(a):
    raise BufferError("mine")


def wants_memory(a):
    raise MemoryError("17 TB")


def writes_to_view(a):
    np.broadcast_to(a, (2, *a.shape))[0, 0] = 1


# the diagnosis: solution, answer, inputs, and what else the key holds
ANSWERS = {
    "diag-parameters": (total, lambda: 3, ROWS),
    "diag-none": (total, lambda a: None, ROWS),
    "diag-printed": (total, lambda a: print(a.sum()), ROWS),
    "diag-function": (total, lambda a: a.sum, ROWS),
    "diag-generator": (same, lambda a: (x for x in a), ROWS),
    "diag-set": (same, lambda a: set(a.ravel()), ROWS),
    "diag-table": (same, lambda a: pd.Series(a), COLUMN),
    "diag-type-unknown": (total, lambda a: slice(3), ROWS),
    "diag-odd-dtype": (same, lambda a: np.array([None, 1]), COLUMN),
    "diag-odd-keys": (parts, lambda a: {1: 2}, ROWS),
    "diag-odd-depth": (sorted, nested, LISTS),
    "diag-odd-size": (same, lambda a: np.zeros(10**6), COLUMN),
    "diag-should-raise": (refuses_small, lambda a: a[0], [([1],), ([1, 2, 3],)]),
    "diag-other-error": (refuses_small, lambda a: a[2], [([1],), ([1, 2, 3],)]),
    "diag-changed-input": (total, sorts_in_place, COLUMN),
    "diag-type": (total, lambda a: str(a.sum()), ROWS),
    "diag-truth": (lambda a: a > 2, lambda a: (a > 2).astype(int), COLUMN),
    "diag-list-for-array": (same, lambda a: a.tolist(), ROWS),
    "diag-count": (two, lambda a: (a.sum(),), ROWS),
    "diag-tuple-order": (two, lambda a: (a.max(), a.sum()), ROWS),
    "diag-keys": (parts, lambda a: {"sum": a.sum(), "Top": a.max()}, ROWS),
    "diag-number-expected": (total, same, COLUMN),
    "diag-array-expected": (same, total, COLUMN),
    "diag-extra-axis": (same, lambda a: a[None], COLUMN),
    "diag-flattened": (same, np.ravel, TABLES),
    "diag-other-axes": (same, lambda a: a.reshape(a.shape[::-1]), TABLES[1:]),
    "diag-one-off": (same, lambda a: a[1:], COLUMN),
    "diag-shape": (same, lambda a: np.zeros(9), COLUMN),
    "diag-nan": (lambda a: 0 * a, lambda a: 0 * a / 0, COLUMN),
    "diag-inf": (same, lambda a: a / 0, COLUMN),
    "diag-always-the-same": (total, lambda a: 4.0, ROWS),
    "diag-transposed": (same, lambda a: a.T.copy(), TABLES),
    "diag-axes": (same, lambda a: a.transpose(2, 0, 1), VOLUMES),
    "diag-reversed": (same, lambda a: a[::-1].copy(), COLUMN),
    "diag-shifted": (same, lambda a: np.roll(a, 1), COLUMN),
    "diag-sign": (same, lambda a: -a, COLUMN),
    "diag-absolute": (same, abs, ROWS),
    "diag-signs": (same, lambda a: np.where(a > 2, -a, a), COLUMN),
    "diag-log-base": (log2, np.log, COLUMN),
    "diag-offset": (same, lambda a: a + 1, ROWS),
    "diag-complement": (same, lambda a: 1 - a, SHARES),
    "diag-reciprocal": (same, lambda a: 1 / a, COLUMN),
    "diag-squared": (same, np.square, COLUMN),
    "diag-root": (same, np.sqrt, COLUMN),
    "diag-cumulative": (same, np.cumsum, COLUMN),
    "diag-rounded": (same, np.floor, COLUMN),
    "diag-factor": (same, lambda a: 2 * a, ROWS),
    "diag-factor-of-each": (same, lambda a: a * a.size * a.max(), COLUMN + TABLES),
    "diag-order": (same, np.sort, COLUMN),
    "diag-single-precision": (lambda a: a / 3, lambda a: np.float32(a / 3), COLUMN),
    "diag-near": (same, lambda a: a + 1e-4 * a**2, COLUMN),
    "diag-given-back": (lambda a: a**2 - a * a.mean(), lambda a: a, COLUMN),
    "diag-special-only": (total, lambda a: a.sum() if len(a) > 1 else 5.0, [*ROWS, (np.array([2.5]),)]),
    "diag-different": (total, lambda a: a.std() + len(a) ** 3, ROWS),
    "error-name": (total, lambda a: missing_name, ROWS),  # noqa: F821
    "error-unbound": (total, unbound, ROWS),
    "error-import": (total, lambda a: __import__("no_such_module"), ROWS),
    "error-none-inside": (total, lambda a: None + a.sum(), ROWS),
    "error-attribute": (total, lambda a: a.total(), ROWS),
    "error-call": (total, lambda a: refuses_small(a, 1), ROWS),
    "error-not-callable": (total, lambda a: a.ndim(a), ROWS),
    "error-index-type": (total, lambda a: a[1.0], ROWS),
    "error-too-many-indices": (total, lambda a: a[0, 0, 0], ROWS),
    "error-index": (total, lambda a: a[99], ROWS),
    "error-key": (total, lambda a: {}[1], ROWS),
    "error-not-subscriptable": (total, lambda a: a.ndim[0], ROWS),
    "error-type": (total, lambda a: "x" + 1, ROWS),
    "error-truth": (total, lambda a: 1 if a else 2, ROWS),
    "error-broadcast": (total, lambda a: a + np.zeros(17), ROWS),
    "error-ragged": (total, lambda a: np.array([[1], [1, 2]]), ROWS),
    "error-read-only": (total, writes_to_view, ROWS),
    "error-unpack": (total, lambda a: [x for x, y in [(1, 2, 3)]], ROWS),
    "error-zero": (total, lambda a: 1 / 0, ROWS),
    "error-recursion": (total, calls_itself, ROWS),
    "error-memory": (total, wants_memory, ROWS),
    "error-assert": (total, asserts, ROWS),
    "error-exit": (total, ends, ROWS),
    "error-learner": (total, teaches, ROWS),
    "error-other": (total, own_error, ROWS),
    "diag-not-finite": (same, lambda a: a / 0, COLUMN, ["finite"]),
    "diag-not-integer": (np.round, lambda a: a + 0.3, COLUMN, ["integer"]),
    "diag-not-non-negative": (same, lambda a: -a, COLUMN, ["finite", "non-negative"]),
    "diag-not-positive": (same, lambda a: a * 0, COLUMN, ["positive"]),
    "diag-not-within-0-1": (same, lambda a: 2 * a, SHARES, ["within-0-1"]),
    "diag-not-sums-to-one": (lambda a: a / a.sum(), lambda a: a / a.max(), SHARES, ["sums-to-one"]),
    "diag-not-symmetric": (lambda a: a @ a.T, lambda a: a @ a.T + np.tri(2), TABLES, ["symmetric"]),
    "diag-not-sorted": (np.sort, same, COLUMN, ["sorted"]),
}  # fmt: skip
ELSEWHERE = {"diag-timeout", "diag-unsteady"}  # they need a clock, or a second call


def case_of(told):
    solution, answer, inputs, *properties = ANSWERS[told]
    groups = ["hand"] * (len(inputs) - 1) + ["edge" if told == "diag-special-only" else "hand"]
    return key_for(solution, inputs, groups=groups, properties=tuple(*properties)), answer


@pytest.mark.parametrize("told", ANSWERS)
def test_diagnose__finds_it(told):
    verdict, _ = judged(*case_of(told))
    assert (verdict.outcome, verdict.told) == ("not yet", told)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("told", ANSWERS)
def test_diagnose__says_it_in_a_sentence_of_its_own(told, lang):
    card = carded(*case_of(told), lang)
    what, why, advice = (sentence for _, sentence in card.sentences[-3:])
    assert len({what, why, advice}) == 3
    text = repr(card)
    assert not re.search(r"\{[a-z_]+\}", text)
    assert bool(re.search("[\u4e00-\u9fff]", what + why + advice)) == (lang == "zh")
    assert f'rg.hint("test")' in text  # noqa: F541


def test_diagnose__every_sentence_is_reached_by_some_answer():
    words = tomllib.loads(
        (wording.Path(wording.__file__).parent / "words" / "course.toml").read_text("utf-8")
    )
    known = {key for key in words if key.startswith(("diag-", "error-"))}
    assert known - set(ANSWERS) == ELSEWHERE


@pytest.mark.parametrize("told", ANSWERS)
def test_diagnose__the_solution_itself_is_right(told):
    key, _ = case_of(told)
    verdict, _ = judged(key, ANSWERS[told][0])
    assert verdict.outcome == "right"


def test_diagnose__a_pattern_must_explain_every_output():
    key = key_for(same, COLUMN)
    once = iter([True, False, False])
    verdict, _ = judged(key, lambda a: -a if next(once) else a + 0.25 * a**2)
    assert verdict.told == "diag-different"


def test_diagnose__a_right_output_speaks_against_a_pattern():
    key = key_for(same, COLUMN)
    verdict, _ = judged(key, lambda a: -a if a[0] == 4 else a)
    assert verdict.told != "diag-sign"


def test_diagnose__one_wrong_value_of_several_is_named():
    key = key_for(two, ROWS)
    verdict, _ = judged(key, lambda a: (a.sum(), -a.max()))
    assert (verdict.told, verdict.values["part"], verdict.values["parts"]) == ("diag-sign", 2, 2)
    assert "only number 2 differs" in repr(carded(key, lambda a: (a.sum(), -a.max()), "en"))


def test_diagnose__one_number_where_several_are_due_is_counted():
    verdict, _ = judged(key_for(two, ROWS), lambda a: a.sum())
    assert (verdict.told, verdict.values) == ("diag-count", {"expected": 2, "given": 1})


def test_diagnose__one_wrong_name_of_several_is_named():
    card = carded(key_for(parts, ROWS), lambda a: {"sum": a.sum(), "top": a.max() + 1}, "en")
    assert "only `top` differs" in repr(card)


def test_diagnose__a_single_number_is_no_evidence_for_a_factor():
    verdict, _ = judged(key_for(total, ROWS[:1]), lambda a: 2 * a.sum())
    assert verdict.told == "diag-different"


def test_diagnose__a_shape_comes_before_a_property():
    key = key_for(lambda a: a @ a.T, TABLES, properties=("symmetric",))
    verdict, _ = judged(key, lambda a: a[0])
    assert verdict.told == "diag-shape"


def test_diagnose__a_property_is_asked_only_where_the_solution_has_it():
    key = key_for(lambda a: a / a.sum(), [*SHARES, (np.zeros(2),)], properties=("sums-to-one",))
    verdict, _ = judged(key, lambda a: np.nan_to_num(a / a.sum()))
    assert verdict.told != "diag-not-sums-to-one"
