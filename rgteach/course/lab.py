"""`python -m rgteach.course.lab …`: JupyterLab with its own words, a second or two sooner (grammar.py)."""

from __future__ import annotations

import sys

import rgteach.course.grammar  # noqa: F401  for what importing it does


def main() -> int | None:
    """Start JupyterLab with the words of this process."""
    from jupyterlab.labapp import main as start

    return start()


if __name__ == "__main__":
    sys.exit(main())
