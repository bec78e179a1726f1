"""The command line: `rgteach lab`, `check`, `extract`, `scan`, `doctor`, `build`, and for those who teach
`grade`, `rubric`, `gradebook`, `insight`, `new`, `import`.

Exit codes: 0 fine, 1 the input or the result has a problem, 2 wrong usage, 3 some cases of a batch failed,
130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rgteach.cli import screen


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : list of str, optional
        The words after `rgteach`; those of this process without it.

    Returns
    -------
    code : int
    """
    sys.modules.setdefault(
        "rfc3987_syntax", None
    )  # see course/grammar.py; its import would cost a command more
    argv = list(sys.argv[1:] if argv is None else argv)
    screen.prepare(argv)
    return app().main(argv, standalone_mode=False)


def app():
    """The commands, with help in the language of this moment."""
    from rgteach.cli.commands import build_group

    return build_group()
