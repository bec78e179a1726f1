"""The report of a scan: what was found in plain words, pictures, the best lines, and what was left out."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rgteach import wording
from rgteach.errors import LearnerError
from rgteach.report import figures, html, lists
from rgteach.stats.result import p_text
from rgteach.tables.disk import check_writable, store
from rgteach.tables.sweep import Sweep, sweep
from rgteach.wording import say

N_LINES = 20  # best pairs in the table
LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


@dataclass(frozen=True)
class Source:
    """A file that went into a report: its name, its SHA-256, and how it was read."""

    name: str
    sha256: str
    shape: tuple[int, int]
    encoding: str = ""


def write(scan, path: str | Path, *, sources: Sequence[Source] = (), when: datetime | None = None) -> Path:
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

    Returns
    -------
    path : Path
    """
    path = check_page(path)
    page = build(scan, sweep(scan, N_LINES), sources, when or datetime.now())
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
    return html.page(title, LANGUAGE_TAGS[wording.language()], *parts)


def headline(scan, seen: Sweep) -> list[str]:
    """What was found, in sentences that a reader in a hurry can trust."""
    result = scan.result
    n_hits, m = len(result.hits.p_value), result.n_tests
    if not m:
        return [say("report-nothing"), say("report-nothing-why", n=scan.joined.n_joined)]
    alpha = f"{result.alpha:g}"
    told = [
        say("report-hits" if n_hits > 1 else "report-one-hit", n=f"{n_hits:,}", m=f"{m:,}", alpha=alpha)
        if n_hits
        else say("report-no-hits", m=f"{m:,}", alpha=alpha)
    ]
    told.append(_shape_of(scan))
    by_chance = f"{result.alpha * m:,.0f}" if result.alpha * m >= 1 else f"{result.alpha * m:.2g}"
    told.append(say("report-chance", n=f"{seen.n_small:,}", alpha=alpha, expected=by_chance))
    told.append(_smallest(seen, alpha))
    told.append(say("report-hits-mean" if n_hits else "report-no-hits-mean", alpha=f"{100 * result.alpha:g}"))
    if result.fwer_threshold is not None:
        told.append(_family(result, seen))
    return told + list(result.notes)


def _shape_of(scan) -> str:
    result = scan.result
    return say(
        "report-shape", patients=f"{scan.joined.n_joined:,}", features=f"{len(result.features):,}",
        genes=f"{len(result.genes):,}", m=f"{result.n_tests:,}",
    )  # fmt: skip


def _smallest(seen: Sweep, alpha: str) -> str:
    best = seen.lines.iloc[0]
    adjusted = best["p_adjusted"]
    told = say("report-above", alpha=alpha) if adjusted != adjusted else lists.p_digits(adjusted)
    return say(
        "report-smallest",
        p=lists.p_digits(best["p_value"]),
        adjusted=told,
        feature=best["feature"],
        gene=best["gene"],
    )


def _family(result, seen: Sweep) -> str:
    limit, k = p_text(float(result.fwer_threshold)), result.settings.get("permutations", 0)
    return say("report-family", k=f"{k:,}", limit=limit, n=f"{seen.n_family:,}", alpha=f"{result.alpha:g}")


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


def check_page(path: str | Path) -> Path:
    """Refuse a place that cannot take the report, before anything is computed for it."""
    path = Path(path).expanduser()
    if path.suffix.lower() not in (".html", ".htm"):
        raise LearnerError("report-not-html", path=path)
    return check_writable(path)
