"""What runs in the child, beside the student's code: run cells, call the function, hand back plain values.

Nothing is expected here and nothing is compared.  Whatever is handed back may have been made up by the
student's code, which shares this process: whoever reads it takes it for that (see `calls`).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import sys
from collections.abc import Iterable, Mapping
from time import perf_counter

import numpy as np

from rgteach.course import encode, run
from rgteach.course.limit import TimeIsUp, within
from rgteach.course.stage import chance_kept, staged, standing
from rgteach.grading import guard

MAX_TEXT = 400
_IMPORT = builtins.__import__
_CELL = "<ipython-cell-{number}>"  # the beginning marks it as the learner's (see errors.is_learners_file)


class _Written:
    """A student's cells, run once: the names they left and the first that failed."""

    def __init__(self, task: Mapping, seconds: float):
        self.names: dict = {"__name__": "__main__"}
        self.goes_on = True  # whether more calls are worth the time
        self.trouble = _cells(task["context"], self.names, seconds, first=0)

    def run(self, task: Mapping) -> None:
        """Run what the student wrote."""
        mine = [*task["helpers"], *task["cells"]]
        self.trouble = _cells(mine, self.names, task["cell_seconds"], first=1) or self.trouble


_written: dict[str, _Written] = {}


def handle(job: Mapping, step: str) -> dict:
    """Run one step of a job, `EXERCISE public` or `EXERCISE hidden`; the frame is described in `calls`.

    The inputs of hidden cases come with the step itself (`part`), when all that is told to the student in
    words has been handed back.
    """
    began = perf_counter()
    name = step.rsplit(" ", 1)[0]
    task = job["exercises"][name]
    cases = job["part"]["cases"] if "part" in job else task["cases"]
    with chance_kept():
        known = _written.get(name) or _Written(task, task["cell_seconds"])
        with guard.watching(task["forbid"]) as breaches:
            if name not in _written:
                _written[name] = known
                known.run(task)
            frame = _called(known, task, cases, twice="part" not in job)
    if not _is_whole():
        raise RuntimeError("imports were broken")  # the next exercise gets a process that can import
    frame |= {"ran": known.trouble, "breaches": [list(breach) for breach in breaches[:20]]}
    return frame | {"seconds": round(perf_counter() - began, 6)}


def _is_whole() -> bool:
    """Whether other code in this process can still import, whatever a student's code did to that."""
    return builtins.__import__ is _IMPORT and sys.modules.get("numpy") is np


def rehearse() -> None:
    """Run a small job of our own in the warm process: what has been done there no child does anew."""
    cell = (
        "import numpy as np\n\n\ndef rehearsed(values, k):\n    return values * k, [float(values.sum())], k"
    )
    case = [encode.packed(np.arange(6.0).reshape(2, 3)), 2]
    task = {"context": [], "helpers": [], "cells": [cell], "function": "rehearsed", "cases": [case] * 3}
    task |= {"seconds": 5.0, "cell_seconds": 5.0, "forbid": ["skimage.feature"]}
    with chance_kept():
        for _ in range(3):
            handle({"exercises": {"rehearsal": task}}, "rehearsal public")
            _written.clear()
    linecache.cache.pop(_CELL.format(number=1), None)


handle.around = standing
handle.rehearse = rehearse


def _cells(sources: Iterable[str], names: dict, seconds: float, first: int) -> dict:
    """Run cells in turn, as a notebook does; one that fails does not keep the next from running."""
    trouble: dict = {}
    with staged() as stage:
        for number, source in enumerate(sources, first):
            where = _CELL.format(number=number if first else 0)
            linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
            stage.anew()
            try:
                within(seconds, lambda source=source, where=where: _execute(source, where, names))
            except TimeIsUp:
                trouble = trouble or {"type": "TimeIsUp", "message": "", "line": 0, "code": ""}
            except BaseException as error:  # SystemExit and KeyboardInterrupt too: they are the cell's own
                trouble = trouble or _trouble(error, where)
    return trouble


def _execute(source: str, where: str, names: dict) -> None:
    code = compile(source, where, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:  # a cell with `await` at its top, as IPython allows
        import asyncio  # only here: what is loaded makes every fork and every end of a process slower

        asyncio.run(eval(code, names))
    else:
        exec(code, names)


def _trouble(error: BaseException, where: str) -> dict:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == where:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        line = error.lineno or 0
    try:
        message = str(error)[:MAX_TEXT]
    except Exception:  # an exception of the student's own, with a faulty __str__
        message = ""
    code = linecache.getline(where, line).strip()[:MAX_TEXT] if line else ""
    return {"type": type(error).__name__, "message": message, "line": line, "code": code}


def _called(known: _Written, task: Mapping, cases: Iterable, twice: bool) -> dict:
    """The calls; the first once more, where that is asked: with it a steady answer is told from others."""
    function = known.names.get(task["function"])
    if not callable(function):
        return {"calls": [], "again": None, "missing": "" if function is None else type(function).__name__}
    inputs = [tuple(encode.decode(value) for value in args) for args in cases]
    if not known.goes_on:
        return {"calls": [], "again": None, "missing": None}
    if twice:
        calls, again = run.calls_and_again(function, inputs, task["seconds"])
        known.goes_on = again is not None
    else:
        calls, again = run.calls(function, inputs, task["seconds"]), None
    _flush()
    return {"calls": [to_data(call) for call in calls], "again": again and to_data(again), "missing": None}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed, or replaced, by the student's code
            continue


def to_data(call: run.Call) -> dict:
    """A call as JSON data."""
    data: dict = {"kind": call.kind}
    if call.kind == "value":
        data["value"] = encode.packed(call.value)
    if call.trouble:
        lines = [list(line) for line in call.trouble.lines]
        data["trouble"] = [call.trouble.type, call.trouble.message, lines]
    if call.odd != ("", ""):
        data["odd"] = list(call.odd)
    if call.changed:
        data |= {"changed": list(call.changed), "changed_to": encode.packed(call.changed_to)}
    return data | {k: v for k, v in (("printed", call.printed), ("warned", list(call.warned))) if v}
