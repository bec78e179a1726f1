"""The report of a scan: what was found in plain words, pictures, the best lines, and what was left out."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rgteach.report import figures, html, lists
from rgteach.report.headline import headline
from rgteach.report.place import N_LINES, check_page
from rgteach.tables.disk import store
from rgteach.tables.sweep import Sweep, sweep
from rgteach.wording import say, tag


@dataclass(frozen=True)
class Source:
    """A file that went into a report: its name, its SHA-256, and how it was read."""

    name: str
    sha256: str
    shape: tuple[int, int]
    encoding: str = ""


def write(
    scan,
    path: str | Path,
    *,
    sources: Sequence[Source] = (),
    when: datetime | None = None,
    seen: Sweep | None = None,
) -> Path:
    """Write the report of a scan as one HTML file that needs no other and no network.

    Parameters
    ----------
    scan : GeneScan
        From `rg.scan` with two DataFrames.
    path : path
        The file, .html; written whole or not at all.
    sources : sequence of Source
        The files that were read.
    when : datetime, optional
        The time that stands in the report; now without it.
    seen : Sweep, optional
        From `tables.sweep.sweep`, where it has been computed already.

    Returns
    -------
    path : Path
    """
    path = check_page(path)
    page = build(scan, seen or sweep(scan, N_LINES), sources, when or datetime.now())
    return store(path, lambda file: file.write(page.encode("utf-8")))


def build(scan, seen: Sweep, sources: Sequence[Source], when: datetime) -> str:
    """The page as text, in the language in force."""
    title = say("report-title")
    made = say("report-made", when=f"{when:%Y-%m-%d %H:%M}", version=_versions()["rgteach"])
    parts = [
        html.element("h1", html.text(title)),
        html.paragraph(made, class_="dim"),
        html.element("div", "".join(map(html.paragraph, headline(scan, seen))), class_="headline"),
        *figures.pictures(scan, seen),
        lists.best(scan, seen),
        figures.best(scan, seen),
        lists.patients(scan),
        lists.groups(scan),
        lists.left_out(scan),
        _reading(),
        _made_with(scan, sources),
    ]
    return html.page(title, tag(), *parts)


def _reading() -> str:
    terms = ("p", "adjusted", "auc", "interval", "volcano", "histogram", "qq")
    caveats = ("cause", "correlated", "choose", "none", "missing", "confounded", "small")
    return html.section(
        say("report-reading"),
        html.definitions((say(f"report-term-{key}"), say(f"report-about-{key}")) for key in terms),
        html.element("h3", html.text(say("report-caveats"))),
        html.bullets(say(f"report-caveat-{key}") for key in caveats),
    )


def _made_with(scan, sources: Sequence[Source]) -> str:
    """Settings, versions and files: what is needed to make the same numbers again."""
    settings = {**scan.settings, **scan.result.settings}
    rows = [(name, str(value)) for name, value in settings.items()]
    header = (say("report-setting"), say("report-value"))
    versions = list(_versions().items())
    files = [(s.name, " × ".join(map(str, s.shape)), s.encoding or "–", s.sha256) for s in sources]
    file_header = tuple(say(f"report-file-{part}") for part in ("name", "shape", "encoding", "sha256"))
    return html.section(
        say("report-made-with"),
        html.table(say("report-files"), file_header, files, 0) if files else "",
        html.table(say("report-settings"), header, rows, 0),
        html.table(say("report-versions"), (say("report-package"), say("report-version")), versions, 0),
    )


def _versions() -> dict[str, str]:
    import numpy
    import pandas
    import scipy

    import rgteach

    return {
        "rgteach": rgteach.__version__, "Python": platform.python_version(), "NumPy": numpy.__version__,
        "SciPy": scipy.__version__, "pandas": pandas.__version__,
    }  # fmt: skip
