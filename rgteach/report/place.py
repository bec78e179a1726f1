"""Where a report may go, and how long its list of best pairs is; known without loading what draws it."""

from __future__ import annotations

from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.tables.disk import check_writable

N_LINES = 20  # best pairs in the table


def check_page(path: str | Path) -> Path:
    """Refuse a place that cannot take the report, before anything is computed for it."""
    path = Path(path).expanduser()
    if path.suffix.lower() not in (".html", ".htm"):
        raise LearnerError("report-not-html", path=path)
    return check_writable(path)
