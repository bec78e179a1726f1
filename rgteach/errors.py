"""Errors that teach: what happened, why it matters, what to try, in the learner's language."""

from __future__ import annotations

import os
import sys
import traceback
import warnings

from rgteach import wording


class LearnerError(ValueError):
    """A mistake in the input, told in three sentences.

    Parameters
    ----------
    key : str
        Name of the message in `rgteach/words/`, such as "flat-voi".
    **values
        What the sentences are filled with.
    """

    def __init__(self, key: str, /, **values: object):
        super().__init__(key, values)
        self.key = key
        self.values = values

    @property
    def advice(self) -> wording.Advice:
        """The three parts in the language of this moment."""
        return wording.advise(self.key, **self.values)

    def __str__(self) -> str:
        return told(self.advice)

    def __reduce__(self):
        """How it travels from one process to another."""
        return _made_again, (type(self), self.key, self.values)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints: the message first, then only the learner's own lines."""
        lines = [str(self)]
        own = [f for f in traceback.extract_tb(self.__traceback__) if is_learners_file(f.filename)]
        if own and own[-1].line:
            lines += ["", f"  {own[-1].lineno:>4} | {own[-1].line}"]
        return lines


def _made_again(kind: type, key: str, values: dict) -> LearnerError:
    error = kind.__new__(kind, key, values)  # whatever its own kind wants to be made from
    LearnerError.__init__(error, key, **values)
    return error


class LearnerWarning(UserWarning):
    """A result that stands, with something to think about before it is used."""


def warn(key: str, /, **values: object) -> None:
    """Show the three sentences of `key` as a warning at the line that called rgteach."""
    warnings.warn(told(wording.advise(key, **values)), LearnerWarning, stacklevel=_steps_to_caller())


def _steps_to_caller() -> int:
    """How many calls lie between `warn` and the first line outside the package."""
    package = os.path.dirname(__file__)
    frame, steps = sys._getframe(1), 1
    while frame.f_back and os.path.dirname(frame.f_code.co_filename).startswith(package):
        frame, steps = frame.f_back, steps + 1
    return steps


def told(advice: wording.Advice) -> str:
    """The three parts as they are printed."""
    return f"{advice.what}\n  {wording.say('word-why')}{advice.why}\n  {wording.say('word-try')}{advice.try_}"


def is_learners_file(filename: str) -> bool:
    """Whether a code file is a notebook cell rather than a library."""
    return filename.startswith(("<ipython", "<stdin", "<string")) or "ipykernel_" in filename
