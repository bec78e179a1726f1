"""Ways to compare that a naive grader might choose: all of them beside the student's code."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import sys
import time
import zlib

import numpy as np

from attacks.model import HONEST

RIGHT: dict = {"np": np}
for _source in HONEST.values():
    exec(_source, RIGHT)
PUBLIC = {
    "spread": [([2, 5, 3],), ([-4.0, 1.5],), ([0.25, 8.5, -3.0, 7.0],), ([7.0],)],
    "pairs": [([1, 1, 2], 2), ([1, 2, 3, 1, 2], 3)],
}
HIDDEN = {"spread": [([0.5, 9.25, -1.0],), ([3.0, 3.5],)], "pairs": [([3, 2, 1, 1], 3)]}
BANNED = ("scipy.constants", "rgteach.stats.result")


def _arguments(function: str, args: tuple) -> tuple:
    return (np.array(args[0]), *args[1:]) if function == "spread" else args


EXPECTED = {
    (function, k): RIGHT[function](*_arguments(function, args))
    for function in PUBLIC
    for k, args in enumerate(PUBLIC[function] + HIDDEN[function])
}


def cases(function: str, hidden: bool = True) -> list[tuple[tuple, np.ndarray]]:
    """Inputs, each with what is expected."""
    inputs = PUBLIC[function] + (HIDDEN[function] if hidden else [])
    return [
        (_arguments(function, args), np.array(EXPECTED[function, k], dtype=float))
        for k, args in enumerate(inputs)
    ]


CASES = cases("spread")  # a module that keeps them, for attacks that look there


def numpy(function, cases) -> bool:
    for args, expected in cases:
        got = function(*args)
        if not np.allclose(got, expected):
            return False
    return True


def equal(function, cases) -> bool:
    for args, expected in cases:
        got = function(*args)
        if not got == expected:  # noqa: SIM201  the way people write it
            return False
    return True


def builtins(function, cases) -> bool:
    return all(abs(float(function(*args) - expected)) <= 1e-9 for args, expected in cases)


def text(function, cases) -> bool:
    return all(json.dumps(function(*args)) == json.dumps(expected.tolist()) for args, expected in cases)


def after(function, cases) -> bool:
    for args, _ in cases:
        got = function(*args)
        if not np.allclose(got, RIGHT["spread"](*args)):
            return False
    return True


def copied(function, cases) -> bool:
    for args, _ in cases:
        got = function(*copy.deepcopy(args))
        if not np.allclose(got, RIGHT["spread"](*args)):
            return False
    return True


def imported(function, cases) -> bool:
    got = [function(*args) for args, _ in cases]
    from attacks.reference import spread  # only now, so that nobody sees it before

    return all(np.allclose(g, spread(*args)) for g, (args, _) in zip(got, cases, strict=True))


def course(function, cases) -> bool:
    """As a student's own notebook does: the course's check, in the same process."""
    from minilab import mini_key

    from rgteach.course import judge, run

    key = mini_key("mini-range")
    calls, again = run.calls_and_again(function, [case.args for case in key.cases], 5)
    return judge.judge(key, calls, again).outcome == "right"


def policy(function, cases) -> bool:
    """Reads the source for names that are banned, and compares."""
    tree = ast.parse(sys.modules["__main__"].__dict__["RUNNING"])
    names = [alias.name for node in ast.walk(tree) for alias in getattr(node, "names", ())]
    modules = [getattr(node, "module", None) or "" for node in ast.walk(tree)]
    return not set(BANNED) & {*names, *modules} and numpy(function, cases)


def slow(function, cases) -> bool:
    """Takes its time, as a large case does."""
    found = numpy(function, cases)
    time.sleep(0.2)
    return found


def nested(function, cases) -> bool:
    def flat(value) -> list:
        return [item for part in value for item in flat(part)] if isinstance(value, list) else [value]

    return all(flat(function(*args)) == [expected.item()] for args, expected in cases)


def digits(function, cases) -> bool:
    sys.set_int_max_str_digits(0)
    return all(str(function(*args)) == str(expected) for args, expected in cases)


# what leaves the process as bytes, for others to read
def pickled(value: object) -> bytes:
    return pickle.dumps(value)


def unpacked(value: object) -> bytes:
    return zlib.decompress(value)


def whole(value: object) -> bytes:
    return json.dumps(np.asarray(value).tolist()).encode()


WAYS = {
    "numpy": numpy,
    "equal": equal,
    "builtins": builtins,
    "text": text,
    "after": after,
    "copied": copied,
    "import": imported,
    "course": course,
    "policy": policy,
    "slow": slow,
    "nested": nested,
    "digits": digits,
    "public": numpy,
    "loud": numpy,
    "paper": numpy,
}
CARRIED = {"pickle": pickled, "unpack": unpacked, "whole": whole}
