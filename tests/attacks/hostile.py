"""The files that a hostile student hands in."""

from __future__ import annotations

from pathlib import Path

from attacks import trusting
from attacks.handed import (
    MARKUP,
    Handed,
    checks,
    computes,
    door_file,
    edited,
    huge,
    inside,
    linked,
    loads,
    page_runs,
    pipe,
    raw,
    right,
    says,
    tagged,
)

_LOUD = f'''def spread(values):
    """{MARKUP}"""
    print("{MARKUP}", "\\x1b]0;mine\\x07\\x1b[2J\\u202e")
    if len(values) == 2:
        raise ValueError("{MARKUP}")  # {MARKUP}
    return "{MARKUP}"
'''
HANDED = (
    Handed(
        "linked-notebook",
        "is a link to another student's notebook",
        linked(lambda there: there.folder / "alice.ipynb", "mallory-link.ipynb"),
        lambda path, there: "values.max() - values.min()" in path.read_text(),
    ),
    Handed(
        "linked-secret",
        "is a link to the secret, so that a message about it tells",
        linked(lambda there: there.secret, "mallory-secret.ipynb"),
        lambda path, there: there.token in path.read_text(),
    ),
    Handed(
        "linked-folder",
        "is a folder that is a link to all others",
        linked(lambda there: there.folder, "mallory-folder"),
        lambda path, there: (path / "alice.ipynb").is_file(),
    ),
    Handed("pipe", "keeps its reader waiting", pipe, lambda path, there: trusting.reads(path) is None),
    Handed("socket", "is a door and no file", door_file, lambda path, there: trusting.falls_over(path)),
    Handed(
        "device",
        "is a link to a device that never ends",
        linked(lambda there: Path("/dev/zero"), "device.ipynb"),
        lambda path, there: trusting.reads(path, 10) == trusting.MUCH,
    ),
    Handed(
        "folder",
        "is a folder that is called like a notebook",
        lambda there: (there.folder / "folder.ipynb").mkdir() or there.folder / "folder.ipynb",
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "ring",
        "is a link to itself",
        linked(lambda there: there.folder / "ring.ipynb", "ring.ipynb"),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "huge",
        "is larger than any memory",
        huge,
        lambda path, there: trusting.reads(path, 10) == trusting.MUCH,
    ),
    Handed(
        "deep",
        "is JSON nested a million deep",
        raw("deep.ipynb", b"[" * 1_000_000),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "digits",
        "holds a number that takes for ever to read",
        raw("digits.ipynb", b'{"cells": [], "nbformat": ' + b"9" * 100_000 + b"}"),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "outputs",
        "brings outputs that say right, and points of its own",
        checks("outputs.ipynb", right),
        lambda path, there: trusting.points_it_says(loads(path)) > 4,
        earns=3,
    ),
    Handed(
        "tags",
        "has its checks passed over",
        checks("tags.ipynb", tagged),
        lambda path, there: trusting.runs_through(loads(path)),
        earns=3,
    ),
    Handed(
        "edited-checks",
        "brings checks that find everything right",
        checks("edited.ipynb", edited),
        lambda path, there: trusting.runs_through(loads(path)),
        earns=3,
    ),
    Handed(
        "another-student",
        "says that it is another student's",
        says("mallory-alice.ipynb", student="alice", authors=[{"name": "alice"}]),
        lambda path, there: trusting.student(path) == "alice",
        earns=3,
    ),
    Handed(
        "path-in-the-student",
        "names a place outside as its student",
        says("mallory-path.ipynb", student="../../home"),
        lambda path, there: not inside(trusting.feedback(there.folder / "out", path), there.folder),
        earns=3,
    ),
    Handed(
        "path-in-the-lab",
        "names a place outside as its lab",
        says("mallory-lab.ipynb", lab="../../../home/00"),
        lambda path, there: not inside(trusting.feedback(there.folder / "out", path), there.folder),
        earns=3,
    ),
    Handed(
        "path-in-the-name",
        "is called like a place outside on some systems",
        lambda there: there.write("m\\..\\..\\home\\precious.ipynb"),
        lambda path, there: ".." in path.stem,
        earns=3,
    ),
    Handed(
        "formula",
        "is called like something that a spreadsheet computes",
        lambda there: there.write('=HYPERLINK("x","y").ipynb'),
        computes,
        earns=3,
    ),
    Handed(
        "command",
        "is called like a command of a spreadsheet",
        lambda there: there.write("@SUM(1+1)*cmd|'C'!A0.ipynb"),
        computes,
        earns=3,
    ),
    Handed(
        "markup-in-the-name",
        "is called like a piece of a page that runs",
        lambda there: there.write("<img src=x onerror=alert(1)>.ipynb"),
        page_runs,
        earns=3,
    ),
    Handed(
        "markup",
        "has pieces of a page that run in all that is shown: source, messages, printing, values",
        lambda there: there.write("markup.ipynb", **{"mini-range": _LOUD}),
        page_runs,
        earns=3,
    ),
    Handed(
        "control-letters",
        "is called so that it steers the terminal of whoever grades",
        lambda there: there.write("\x1b]0;mine\x07\x1b[2J\u202eipynb.ipynb"),
        lambda path, there: "\x1b" in path.name,
        earns=3,
    ),
    Handed(
        "name-of-another-platform",
        "calls a file in its own folder as another platform would call one of another student",
        lambda there: there.write("submitted/mallory/00_mini/alice_12_34_00_mini.ipynb"),
        lambda path, there: path.stem.startswith("alice"),
        earns=3,
    ),
    Handed(
        "folder-of-another-student",
        "makes a folder in its own that is called as a platform calls another student's",
        lambda there: there.write("Mal_7_assignsubmission_file_/alice_8_assignsubmission_file_/00_a.ipynb"),
        lambda path, there: path.parent.name.startswith("alice"),
        earns=3,
    ),
)
