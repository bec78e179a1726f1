"""What a student has done, kept in the workspace: `.rgteach/progress.json`.

Several notebooks may write at once, so each change is read, made and written under a lock.  A damaged file
is set aside; where nothing can be written the record lives in memory until the kernel ends, and `where()`
says so.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rgteach.course.places import state_folder

FORMAT = 1
_WAIT = 2.0  # seconds for another notebook to finish
_STALE = 10.0  # seconds after which a lock was left by a kernel that died
_BEST = ("not tried", "not yet", "right")
_memory: dict = {}


def record(exercise: str, outcome: str) -> None:
    """Count a check; an exercise that was right once stays right."""

    def change(entry: dict) -> None:
        if outcome in ("not yet", "right", "cannot check"):
            entry["tries"] = entry.get("tries", 0) + 1
        if outcome in _BEST:
            entry["state"] = max(entry.get("state", "not tried"), outcome, key=_BEST.index)

    _update(exercise, change)


def hints_seen(exercise: str, level: int | None = None) -> int:
    """How many hints have been shown, after noting that one of this level has."""
    if level is not None:
        _update(exercise, lambda entry: entry.update(hints=max(entry.get("hints", 0), level)))
    return entries().get(exercise, {}).get("hints", 0)


def solution_seen(exercise: str) -> None:
    """Note that the solution was shown."""
    _update(exercise, lambda entry: entry.update(solution=True))


def entries() -> dict[str, dict]:
    """What is known of each exercise: state, tries, hints, solution."""
    file = _file()
    return _merged((_read(file) if file else None) or {}, _memory)


def where() -> str:
    """The key of a sentence on where the record is kept, or nothing when it is in the workspace."""
    if _file() is None:
        return "progress-no-workspace"
    return "progress-in-memory" if _memory else ""


def _file() -> Path | None:
    folder = state_folder()
    return folder / "progress.json" if folder else None


def _update(exercise: str, change: Callable[[dict], None]) -> None:
    file = _file()
    try:
        if file is None:
            raise OSError
        with _lock(file):
            known = _merged(_read(file) or {}, _memory)  # with what could not be written before
            change(known.setdefault(exercise, {}))
            _write(file, known)
        _memory.clear()
    except OSError:
        _memory[exercise] = dict(entries().get(exercise, {}))
        change(_memory[exercise])


def _merged(written: dict[str, dict], remembered: dict[str, dict]) -> dict[str, dict]:
    """Both records of each exercise as one: the higher counts, the better state."""
    merged = dict(written)
    for name, entry in remembered.items():
        other = merged.get(name, {})
        both = {field: max(entry.get(field, 0), other.get(field, 0)) for field in entry.keys() | other.keys()
                if field != "state"}  # fmt: skip
        states = [e["state"] for e in (entry, other) if "state" in e]
        merged[name] = both | ({"state": max(states, key=_BEST.index)} if states else {})
    return merged


def _read(file: Path) -> dict | None:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        known = data["exercises"]
        if data["format"] != FORMAT or not all(isinstance(entry, dict) for entry in known.values()):
            raise ValueError
        return {name: _sound(entry) for name, entry in known.items()}
    except FileNotFoundError:
        return None
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _set_aside(file)
        return None


def _sound(entry: dict) -> dict:
    """Only what this module writes, whatever someone else put there."""
    fine = {name: entry[name] for name in ("tries", "hints") if type(entry.get(name)) is int}
    if entry.get("state") in _BEST:
        fine["state"] = entry["state"]
    return fine | ({"solution": True} if entry.get("solution") is True else {})


def _set_aside(file: Path) -> None:
    for number in range(1, 100):
        aside = file.with_name(f"progress.damaged-{number}.json")
        if not aside.exists():
            try:
                file.replace(aside)
            except OSError:
                pass  # it stays where it is; the next write replaces it
            return


def _write(file: Path, known: dict) -> None:
    waiting = file.with_name(f"progress.{os.getpid()}.part")
    text = json.dumps({"format": FORMAT, "exercises": known}, ensure_ascii=False, indent=1, sort_keys=True)
    try:
        waiting.write_text(text + "\n", encoding="utf-8")
        waiting.replace(file)
    finally:
        waiting.unlink(missing_ok=True)


@contextmanager
def _lock(file: Path) -> Iterator[None]:
    """One writer at a time, over processes, on any system; a lock that was left behind is broken."""
    lock = file.with_name("progress.lock")
    end = time.monotonic() + _WAIT
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > end or _age(lock) > _STALE:
                lock.unlink(missing_ok=True)
            time.sleep(0.005)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _age(lock: Path) -> float:
    try:
        return time.time() - lock.stat().st_mtime
    except OSError:
        return 0.0
