"""Tables as other people's spreadsheets save them: any delimiter, encoding, decimal sign, words for gaps.

Nothing is guessed silently: what was found is kept in `Sheet`, so that a report can say it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rgteach import tables
from rgteach.errors import LearnerError

DELIMITERS = ",;\t"
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SPREADSHEETS = (".xls", ".xlsx", ".xlsm", ".ods", ".numbers")
# Words that say "we do not know"; spelt small here.  "-" and "none" are not among them: both can mean "no".
MISSING = (
    "", "na", "n/a", "#n/a", "nan", "<na>", "null", "nil", "missing", "unknown", "unk", "?", ".",
    "not available", "not applicable", "not assessed", "not collected", "not done", "not evaluated",
    "not known", "not performed", "not recorded", "not reported", "not tested", "undetermined",
    "[not available]", "[not applicable]", "[unknown]",  # as TCGA writes them
    "#div/0!", "#value!", "#num!", "#ref!", "#name?", "#null!",  # Excel's broken formulas
    "未知", "不详", "缺失", "未测", "未检测", "未检", "未做", "无数据",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Sheet:
    """A table with what was found about its file: `frame`, `path`, `encoding`, `delimiter`, `sha256`."""

    frame: object
    path: Path
    encoding: str
    delimiter: str
    sha256: str
    facts: dict = field(default_factory=dict)


def open_sheet(path: str | Path, *, text: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Sheet:
    """Read a table of patients, one line a patient, as a DataFrame.

    Parameters
    ----------
    path : path
        A text table (.csv, .tsv, .txt) with commas, semicolons or tabs, in UTF-8, UTF-16 or the encoding of a
        Chinese Excel (GB18030); or a .json or .parquet table that rgteach wrote.
    text : tuple of str
        Columns that stay text whatever they look like, such as the patient's id: "007" is not 7.
    missing : tuple of str
        Words for "unknown" besides those of `MISSING`.

    Returns
    -------
    Sheet

    Raises
    ------
    LearnerError
        If the file is missing, no text table, empty, or has two columns of the same name.
    """
    path = Path(path).expanduser()
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    if path.suffix.lower() in (".json", ".parquet"):
        return Sheet(tables.read(path), path, "", "", digest)
    encoding, content = _decoded(path, data)
    content = re.sub(rf"\A(?:[{DELIMITERS} \r]*\n)+", "", content)  # empty lines above the head line
    if not content.strip(DELIMITERS + " \r\n"):
        raise LearnerError("sheet-empty", path=path)
    delimiter = max(DELIMITERS, key=content.partition("\n")[0].count)
    return Sheet(_parsed(path, content, delimiter, text, missing), path, encoding, delimiter, digest)


def missing_words(more: tuple[str, ...] = ()) -> frozenset[str]:
    """Every word for "unknown", spelt small and without spaces around it."""
    return frozenset(MISSING) | {str(word).strip().casefold() for word in more}


# ---------------------------------------------------------------- from bytes to text


def _bytes(path: Path) -> bytes:
    if not path.exists():
        raise LearnerError("table-missing", path=path)
    if path.is_dir():
        raise LearnerError("table-is-folder", path=path)
    if path.suffix.lower() in SPREADSHEETS:
        raise LearnerError("sheet-is-workbook", path=path, suffix=path.suffix)
    try:
        return path.read_bytes()
    except PermissionError:
        raise LearnerError("sheet-not-allowed", path=path) from None


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    """The encoding and the text: what the first bytes say, else UTF-8, else what Excel uses in China."""
    if data[:2] == b"PK" or (b"\0" in data[:4096] and data[:2] not in BOMS):
        raise LearnerError("sheet-is-workbook", path=path, suffix=path.suffix or "–")
    announced = next((name for bom, name in BOMS.items() if data.startswith(bom)), "utf-8")
    for encoding in dict.fromkeys((announced, "gb18030", "cp1252")):
        try:
            return encoding.removesuffix("-sig"), data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return "cp1252", data.decode("cp1252", errors="replace").replace("\r\n", "\n")


# ---------------------------------------------------------------- from text to columns


def _parsed(path: Path, content: str, delimiter: str, text: tuple[str, ...], missing: tuple[str, ...]):
    """The table as pandas' C parser reads it, gaps already as NaN."""
    import pandas as pd

    names = _names(path, content, delimiter)
    options = {
        "sep": delimiter,
        "names": names,
        "header": 0,
        "skip_blank_lines": True,
        "skipinitialspace": True,
        "index_col": False,
        "keep_default_na": False,
        "na_values": _spellings(missing),
        "dtype": {name: str for name in text if name in names},
        "decimal": _decimal(content, delimiter),
        "low_memory": False,
    }
    if int(pd.__version__.partition(".")[0]) < 3:  # later ones read every digit without being told
        options["float_precision"] = "round_trip"
    try:
        frame = pd.read_csv(io.StringIO(content), **options)
    except (ValueError, csv.Error) as error:  # pandas' ParserError is a ValueError
        raise LearnerError("table-damaged", path=path, detail=str(error).splitlines()[0]) from None
    empty = frame.iloc[:, 0].isna()
    if empty.any():
        empty[empty] = frame[empty].isna().all(axis=1)
        frame = frame[~empty].reset_index(drop=True)
    if frame.empty:
        raise LearnerError("sheet-empty", path=path)
    return frame


def _names(path: Path, content: str, delimiter: str) -> list[str]:
    """The names in the head line, each there once; a column without a name is "column 3"."""
    rows = csv.reader(io.StringIO(content), delimiter=delimiter, skipinitialspace=True)
    head = next((row for row in rows if any(cell.strip() for cell in row)), [])
    names = [name.strip() or f"column {at}" for at, name in enumerate(head, 1)]
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        raise LearnerError("sheet-twin-columns", path=path, names=", ".join(twice[:5]), n=len(twice))
    return names


def _spellings(more: tuple[str, ...]) -> list[str]:
    """The words for "unknown" as people write them: small, Capital, As A Title, LARGE."""
    words = missing_words(more)
    ways = (str, str.capitalize, str.title, str.upper)
    return sorted({way(word) for word in words for way in ways} | {str(word) for word in more} | {"NaN"})


def _decimal(content: str, delimiter: str) -> str:
    """A comma where semicolons part the cells and numbers are written 1,5, as in much of Europe."""
    if delimiter == ",":
        return "."
    start = content[:200_000]
    number = rf"(?:^|[{delimiter}])\s*\"?[+-]?\d+{{sign}}\d+(?:[eE][+-]?\d+)?\"?\s*(?=[{delimiter}\n]|$)"
    commas = len(re.findall(number.replace("{sign}", ","), start, re.MULTILINE))
    points = len(re.findall(number.replace("{sign}", r"\."), start, re.MULTILINE))
    return "," if commas > points else "."
