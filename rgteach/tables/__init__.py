"""Feature rows as tables: written whole or not at all, and read back with the types they had.

The suffix says the format: .csv for every program, .json with numbers and gaps kept apart, .parquet for large
cohorts.  A text stays a text ("007" is not 7), a count whole, a missing number an empty cell, null or NaN.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.tables.disk import check_writable, lock, store

TEXT = {
    "case", "image", "mask", "series", "rgteach_version", "numpy_version", "python_version", "convention",
    "aggregation", "image_sha256", "mask_sha256", "image_format", "orientation", "mask_orientation",
    "mask_labels", "box_z", "box_y", "box_x", "warnings", "error",
    "feature", "gene", "test",  # of a scan: a gene may be called 7157
}  # fmt: skip
WHOLE = {"label", "bin_count", "distance", "size_z", "size_y", "size_x", "n_voxels", "n_levels"}
WHOLE |= {"n", "n_carriers"}
FORMATS = (".csv", ".json", ".parquet")


def frame(rows: Iterable[Mapping]):
    """Feature rows as a pandas DataFrame, one line a case.

    Parameters
    ----------
    rows : iterable of Row or dict
        What `rg.extract` returns.

    Returns
    -------
    DataFrame
        Texts as texts, counts as whole numbers that may be missing, the rest as float.
    """
    import pandas as pd

    return _typed(pd.DataFrame([dict(row) for row in rows]))


def write(rows, path: str | os.PathLike, *, append: bool = False, overwrite: bool = True) -> Path:
    """Write feature rows to a .csv, .json or .parquet file.

    The file is written beside its place and moved there at the end: an interrupted run leaves the old file or
    none, never half a file.

    Parameters
    ----------
    rows : Row, dict, DataFrame, or an iterable of rows
    path : path
        Its suffix chooses the format.
    append : bool
        Keep the rows of an existing file and add these; their columns must be the same.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    path : Path

    Raises
    ------
    LearnerError
        If the format is unknown, the place cannot be written, or the columns differ.
    """
    path = check_place(path)
    rows = _as_dicts(rows)
    if append:
        with lock(path):
            return _store(_joined(path, rows), path)
    if path.exists() and not overwrite:
        raise LearnerError("table-exists", path=path)
    return _store(rows, path)


def read(path: str | os.PathLike):
    """Read a table of features as a DataFrame with the types it was written with.

    Parameters
    ----------
    path : path
        A .csv, .json or .parquet file.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    path = Path(path).expanduser()
    if not path.exists():
        raise LearnerError("table-missing", path=path)
    table = pd.DataFrame(load(path))
    try:
        return _typed(table)
    except ValueError as error:  # a count that is no number
        raise LearnerError("table-damaged", path=path, detail=error) from None


def load(path: Path) -> list[dict]:
    """The rows of a file as plain dicts, without pandas where that can be; the cells of a CSV stay texts."""
    loader = _LOADERS[_suffix(path)]
    try:
        return _as_dicts(loader(path))
    except LearnerError:
        raise
    except (ValueError, KeyError, TypeError, OSError, csv.Error) as error:
        raise LearnerError("table-damaged", path=path, detail=str(error).splitlines()[0]) from None


def check_place(path: str | os.PathLike) -> Path:
    """Refuse a place that cannot be written, before hours are spent on what would go there."""
    path = Path(path).expanduser()
    if path.is_dir():
        raise LearnerError("table-is-folder", path=path)
    if _suffix(path) == ".parquet":
        _need_pyarrow(path)
    return check_writable(path)


# ---------------------------------------------------------------- rows and types


def _as_dicts(rows) -> list[dict]:
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):  # a DataFrame, without importing pandas
        rows = rows.to_dict("records")
    if isinstance(rows, Mapping):
        rows = [rows]
    return [{name: _plain(name, value) for name, value in dict(row).items()} for row in rows]


def _plain(column: str, value):
    """A value of Python's own types; None where there is none."""
    value = value.item() if hasattr(value, "item") else value
    if is_missing(value):
        return None
    if column in WHOLE and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _columns(rows: Sequence[Mapping]) -> list[str]:
    """All column names, in the order in which they are first met."""
    return list(dict.fromkeys(name for row in rows for name in row))


def _typed(table):
    """The same DataFrame with each column in its own type."""
    for name in table.columns:
        table[name] = _column(name, list(table[name]))
    return table


def _column(name: str, cells: list):
    """Texts, whole numbers or numbers; a column that we do not know is numbers if all its cells are."""
    import pandas as pd

    cells = [None if is_missing(cell) or cell == "" else cell for cell in cells]
    if name in WHOLE:
        return pd.array([None if cell is None else int(float(cell)) for cell in cells], dtype="Int64")
    if name not in TEXT and not any(isinstance(cell, str) and re.match(r"-?0\d", cell) for cell in cells):
        try:
            return [math.nan if cell is None else float(cell) for cell in cells]
        except (ValueError, TypeError):
            pass
    return ["" if cell is None else str(cell) for cell in cells]


def is_missing(value) -> bool:
    """Whether a cell holds nothing: None, NaN, or pandas' NA."""
    return value is None or type(value).__name__ == "NAType" or value != value


def _joined(path: Path, rows: list[dict]) -> list[dict]:
    """The rows of the file, if there is one, and the new ones."""
    return rows if not path.exists() else check_columns(path, load(path), rows) + rows


def check_columns(path: Path, old: list[dict], new: list[dict]) -> list[dict]:
    """The old rows, if the new ones have the same columns; otherwise say which differ."""
    here, there = _columns(new), _columns(old)
    if old and new and set(here) != set(there):
        more = [name for name in here if name not in there]
        gone = [name for name in there if name not in here]
        raise LearnerError("table-columns-differ", path=path, new=_some(more), gone=_some(gone))
    return old


def _some(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" … ({len(names)})" if len(names) > 4 else "") if names else "–"


# ---------------------------------------------------------------- formats


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise LearnerError("table-unknown-format", path=path, suffix=suffix or "–", known=", ".join(FORMATS))
    return suffix


def _need_pyarrow(path: Path) -> None:
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise LearnerError("table-needs-pyarrow", path=path) from None


def _to_csv(rows: list[dict], file: io.BufferedWriter) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.DictWriter(text, _columns(rows), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text.flush()
    text.detach()


def _from_csv(path: Path) -> list[dict]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _to_json(rows: list[dict], file: io.BufferedWriter) -> None:
    finite = [{k: v if _is_finite(v) else None for k, v in row.items()} for row in rows]
    file.write(json.dumps(finite, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n")


def _is_finite(value) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _from_json(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))


def _to_parquet(rows: list[dict], file: io.BufferedWriter) -> None:
    frame(rows).to_parquet(file, index=False)


def _from_parquet(path: Path):
    import pandas as pd

    _need_pyarrow(path)
    return pd.read_parquet(path)


_LOADERS: dict[str, Callable] = {".csv": _from_csv, ".json": _from_json, ".parquet": _from_parquet}
_WRITERS: dict[str, Callable] = {".csv": _to_csv, ".json": _to_json, ".parquet": _to_parquet}


def _store(rows: list[dict], path: Path) -> Path:
    return store(path, lambda file: _WRITERS[path.suffix.lower()](rows, file))
