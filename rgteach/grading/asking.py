"""Ask a child: first what may be told in words, then, when that is handed back, what counts.

What a student reads about an answer comes from its public cases.  The inputs of the hidden ones reach the
child only when the frames of all public cases have been taken, so nothing that a student's code hands back,
prints or raises for them to read can hold a hidden input; from the hidden ones it is counted how many are
right, and nothing else is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from rgteach.grading import calls
from rgteach.grading.calls import Came
from rgteach.grading.model import Flag
from rgteach.sandbox.limits import Ran

PUBLIC, HIDDEN = "public", "hidden"


@dataclass(frozen=True)
class Both:
    """What came of an exercise: of its public cases, and of the hidden ones."""

    public: Came
    hidden: Came


def ask(run: Callable[..., Ran], lang: str, tasks: Mapping[str, object], seconds: float) -> dict[str, Both]:
    """Run the tasks of several exercises, in one child until one of them ends it.

    Parameters
    ----------
    run : `Box.run`
    lang : of the notebook
    tasks : exercise -> Task
    seconds : by the clock, for all of it
    """
    job = {"lang": lang, "exercises": {name: task.data for name, task in tasks.items()}}
    parts = {f"{name} {HIDDEN}": {"cases": task.hidden_inputs} for name, task in tasks.items()}
    asked = {f"{name} {PUBLIC}": task.public for name, task in tasks.items()}
    asked |= {f"{name} {HIDDEN}": task.hidden for name, task in tasks.items()}
    came: dict[str, Came] = {}
    steps, end = list(asked), perf_counter() + seconds
    while steps and perf_counter() < end:
        ran = run(job, steps, parts)
        came |= calls.came(ran, asked)
        if ran.ended == "start":
            came |= {step: Came("start") for step in steps if step not in came}
        steps = _left(steps, ran)
    came |= {step: Came("time") for step in steps}
    never = Came("start")
    return {
        name: Both(came.get(f"{name} {PUBLIC}", never), _told_nothing(came.get(f"{name} {HIDDEN}", Came())))
        for name in tasks
    }


def _left(steps: list[str], ran: Ran) -> list[str]:
    """What is still to run: all behind the step that ended the child, without the rest of its exercise."""
    if ran.ended in ("done", "start") or ran.step not in steps:
        return []
    mine = ran.step.rsplit(" ", 1)[0]
    return [s for s in steps[steps.index(ran.step) + 1 :] if s.rsplit(" ", 1)[0] != mine]


def _told_nothing(came: Came) -> Came:
    """Without any word that a student's code may have put together from hidden inputs."""
    flags = tuple(Flag("breach-ran", {"name": flag.values["name"]}) for flag in came.breaches)
    return replace(came, detail="", trouble=None, again=None, breaches=flags)
