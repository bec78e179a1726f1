"""The list of cases for a batch: who is read from where, from a table as spreadsheets save it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError

NEEDED = ("case", "image", "mask")
OPTIONAL = ("label", "series")
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Case:
    """One line of the list; the paths are complete, a label may be missing."""

    case: str
    image: str
    mask: str
    label: str
    series: str
    line: int


def read_cases(path: Path) -> list[Case]:
    """Read the list of cases.

    Parameters
    ----------
    path : Path
        A text table with a head line: `case`, `image`, `mask` and, where wanted, `label` and `series`; other
        columns are left alone.  Commas, semicolons or tabs; UTF-8 or what Excel writes.  Relative paths count
        from the table's folder.

    Returns
    -------
    cases : list of Case

    Raises
    ------
    LearnerError
        If a column is missing, there is no line, or two lines have the same case and label.
    """
    text = _text(path)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    lines = [line for line in csv.reader(text.splitlines(), delimiter=delimiter) if any(map(str.strip, line))]
    names = [name.strip().lower() for name in lines[0]] if lines else []
    missing = [name for name in NEEDED if name not in names]
    if missing:
        found = ", ".join(n for n in names if n) or "–"
        raise LearnerError("cases-no-column", path=path, missing=", ".join(missing), found=found)
    if len(lines) == 1:
        raise LearnerError("cases-empty", path=path)
    cases = [_case(dict(zip(names, line, strict=False)), path, at) for at, line in enumerate(lines[1:], 2)]
    _refuse_twins(path, cases)
    return cases


def _case(cells: dict[str, str], path: Path, line: int) -> Case:
    given = {name: (cells.get(name) or "").strip() for name in NEEDED + OPTIONAL}
    for name in ("image", "mask"):
        if given[name]:
            given[name] = str(path.parent / Path(given[name]).expanduser())
    return Case(**given, line=line)


def _text(path: Path) -> str:
    """The table as text; Excel saves UTF-16, or the system's own encoding where it is set to Chinese."""
    if not path.is_file():
        raise LearnerError("table-missing", path=path)
    try:
        data = path.read_bytes()
    except PermissionError:
        raise LearnerError("scan-not-allowed", path=path) from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _refuse_twins(path: Path, cases: list[Case]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for case in cases:
        key = (case.case, case.label)
        if key in seen:
            raise LearnerError("cases-twins", path=path, case=case.case, first=seen[key], second=case.line)
        seen[key] = case.line
