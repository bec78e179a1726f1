"""Cells that prove an exercise run apart: the names they define are gone when they end.

IPython tells when a cell begins and ends.  Before a cell of such a role all names are noted, after it they
are as they were.  The cell itself is untouched, so it can be run, changed and looked at like any other; what
it changes inside an object that was there before stays changed.
"""

from __future__ import annotations

from rgteach.course.authoring import marks

APART = ("wrong", "twin", "cases", "race")
_HISTORY = ("In", "Out", "get_ipython", "exit", "quit", "open")


class Apart:
    """Watches one shell."""

    def __init__(self, shell):
        self.shell = shell
        self.before: dict | None = None

    def begins(self, info) -> None:
        """Note all names, if the cell that begins is one that runs apart."""
        self.before = dict(self.shell.user_ns) if marks.role_of(info.raw_cell or "") in APART else None

    def ends(self, result) -> None:
        """Put the names back as they were."""
        if self.before is None:
            return
        names, before, self.before = self.shell.user_ns, self.before, None
        for name in [name for name in names if not _is_history(name)]:
            if name not in before:
                del names[name]
        names.update({name: value for name, value in before.items() if not _is_history(name)})


def _is_history(name: str) -> bool:
    """Names that IPython keeps for itself: they go on."""
    return name.startswith("_") or name in _HISTORY


def begin() -> None:
    """Let the cells of this notebook that prove an exercise run apart; outside of IPython nothing happens."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None or getattr(shell, "_rgteach_apart", None):
        return
    shell._rgteach_apart = watch = Apart(shell)
    shell.events.register("pre_run_cell", watch.begins)
    shell.events.register("post_run_cell", watch.ends)
