"""How long submissions took: in `seconds.json`, a file of its own beside `scores.json`.

    {"format": 1, "seconds": {
    "anna.ipynb": [0.0412, 0.0051, …],
    …
    }}

The first number is for the whole submission, one for each exercise follows, in their order.  No two runs take
the same time, and the same secret must give the same scores, byte for byte.  Where the file is missing or
damaged nobody's grade is touched: then no times are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

NAME = "seconds.json"
FORMAT = 1


def taken_out(data: dict) -> tuple[dict, list[float]]:
    """The data of a submission without its times, and these."""
    exercises = [{k: v for k, v in one.items() if k != "seconds"} for one in data["exercises"]]
    seconds = [data.get("seconds", 0.0), *(one.get("seconds", 0.0) for one in data["exercises"])]
    rest = {k: v for k, v in data.items() if k != "seconds"}
    return rest | {"exercises": exercises}, seconds


def write(file: IO[bytes], took: Iterable[tuple[str, list[float]]]) -> None:
    """Write the times of submissions, by their paths."""
    file.write(f'{{"format": {FORMAT}, "seconds": {{'.encode())
    for k, (path, seconds) in enumerate(took):
        line = f"{json.dumps(path, ensure_ascii=False)}: {json.dumps(seconds)}"
        file.write((",\n" if k else "\n").encode() + line.encode("utf-8", "replace"))
    file.write(b"\n}}\n")


def read(folder: Path) -> dict[str, list[float]]:
    """What `write` wrote into a folder; nothing where there is nothing of use."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            return {}
        return {path: [float(value) for value in seconds] for path, seconds in data["seconds"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def put_back(data: dict, took: Mapping[str, list[float]]) -> dict:
    """The data of a submission with its times, where they are known and not in it already."""
    seconds = took.get(data.get("submission", ""))
    if seconds and "seconds" not in data and len(seconds) == len(data["exercises"]) + 1:
        data["seconds"] = seconds[0]
        for one, value in zip(data["exercises"], seconds[1:], strict=True):
            one["seconds"] = value
    return data
