"""The pictures of the page, as SVG in the colours of the page; a table below each holds its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rgteach.report.html import element, text
from rgteach.wording import say

WIDTH = 720
NAMES = 250  # where the names of the rows end
RIGHT = 26  # room for the last mark of an axis
# Okabe and Ito's colours and a gray; all light enough for black letters, in order of how well it went
COLOURS = {
    "right": "#009e73", "partly": "#56b4e9", "wrong": "#e69f00", "cannot run": "#cc79a7",
    "breach": "#f0e442", "not tried": "#b4b4b4",
}  # fmt: skip
STYLE = """
.chart { overflow-x: auto; } .chart:focus-visible { outline: 2px solid var(--mark); }
.chart svg { display: block; width: 100%; min-width: 36rem; max-width: 46rem; height: auto; }
.chart text { font-size: 13px; fill: var(--ink); } .chart .on { fill: #000; }
.chart .bar { fill: var(--mark); } .chart .edge { stroke: var(--ground); stroke-width: 1.5; }
.chart .axis { stroke: var(--dim); stroke-width: 1; } .chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .span { stroke: var(--mark); stroke-width: 2.5; } .chart .dot { fill: var(--mark); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: .4rem 0;
  font-size: .92rem; }
.legend span { display: inline-block; width: .9em; height: .9em; margin-right: .4em; vertical-align: -.08em;
  border: 1px solid var(--dim); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .5rem; } h3 + p { margin-top: 0; }
nav ul { padding-left: 1.2rem; } a { color: var(--mark); } li code { color: var(--dim); }
@media print { table { font-size: 9pt; } th, td { padding-right: .5rem; }
  thead th.number { white-space: normal; } tbody th { min-width: 7rem; } td:not(.number) { min-width: 4rem; }
  .chart { overflow: visible; } .chart svg { min-width: 0; }
  .legend span, .chart rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def histogram(counts: Sequence[int], label: str, across: str, up: str) -> str:
    """Bars for tenths of the points, each with its count above it."""
    height, low, left = 230, 185, 46
    wide = (WIDTH - left - RIGHT) / len(counts)
    top = max(max(counts, default=0), 1)
    parts = [_line(left, low, WIDTH - RIGHT, low, "axis")]
    for k, count in enumerate(counts):
        tall = 150 * count / top
        x = left + k * wide
        if count:
            parts.append(_rect(x + 2, low - tall, wide - 4, tall, class_="bar"))
            parts.append(_text(x + wide / 2, low - tall - 5, f"{count:,}", "middle"))
    for k in range(0, len(counts) + 1, 2):
        parts.append(_text(left + k * wide, low + 18, _percent(100 * k // len(counts)), "middle"))
    parts.append(_text(left + (WIDTH - RIGHT - left) / 2, low + 38, across, "middle"))
    turned = f"rotate(-90 16 {low - 75})"
    parts.append(element("text", text(up), x="16", y=str(low - 75), text_anchor="middle", transform=turned))
    return _svg(height, label, parts)


def outcomes(rows: Sequence[tuple[str, Mapping[str, int]]], label: str) -> str:
    """A bar for each exercise, cut into how it came out; a piece wide enough says how many."""
    parts = []
    for k, (name, counts) in enumerate(rows):
        y, x, total = 8 + 34 * k, float(NAMES), sum(counts.values()) or 1
        parts.append(_text(NAMES - 10, y + 17, _short(name), "end"))
        for outcome, colour in COLOURS.items():
            wide = (WIDTH - NAMES - RIGHT) * counts.get(outcome, 0) / total
            if wide:
                parts.append(_rect(x, y, wide, 24, fill=colour, class_="edge"))
            if wide > 8 * len(f"{counts.get(outcome, 0):,}") + 6:
                parts.append(_text(x + wide / 2, y + 17, f"{counts[outcome]:,}", "middle", "on"))
            x += wide
    return _svg(34 * len(rows) + 14, label, parts)


def legend(names: Mapping[str, str]) -> str:
    """What the colours of `outcomes` mean, for those that come up."""
    shown = [
        element(
            "li", element("span", "", style=f"background:{COLOURS[key]}", aria_hidden="true") + text(told)
        )
        for key, told in names.items()
    ]
    return element("ul", "".join(shown), class_="legend")


def intervals(rows: Sequence[tuple[str, float, float, float]], label: str) -> str:
    """A dot with its interval for each exercise, on a scale from 0 to 100 %."""
    low = 32 * len(rows) + 6
    parts = []
    for percent in range(0, 101, 20):
        x = _place(percent / 100)
        parts.append(_line(x, 4, x, low, "grid"))
        parts.append(_text(x, low + 18, _percent(percent), "middle"))
    for k, (name, value, least, most) in enumerate(rows):
        y = 20 + 32 * k
        parts.append(_text(NAMES - 10, y + 5, _short(name), "end"))
        parts.append(_line(_place(least), y, _place(most), y, "span"))
        parts.append(element("circle", "", cx=_digits(_place(value)), cy=str(y), r="6", class_="dot"))
    return _svg(low + 28, label, parts)


def _percent(value: int) -> str:
    return say("insight-percent", n=value)


def _place(share: float) -> float:
    return NAMES + 8 + (WIDTH - NAMES - RIGHT - 8) * share


def _svg(height: float, label: str, parts: Sequence[str]) -> str:
    picture = element(
        "svg", "".join(parts), viewBox=f"0 0 {WIDTH} {_digits(height)}", role="img", aria_label=label
    )
    return element("div", picture, class_="chart", tabindex="0", role="group", aria_label=label)


def _digits(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _rect(x: float, y: float, wide: float, tall: float, **look: str) -> str:
    sizes = {"x": x, "y": y, "width": wide, "height": tall}
    return element("rect", "", **{name: _digits(value) for name, value in sizes.items()}, **look)


def _line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", "", **{name: _digits(value) for name, value in ends.items()}, class_=look)


def _text(x: float, y: float, said: str, anchor: str, look: str = "") -> str:
    more = {"class_": look} if look else {}
    return element("text", text(said), x=_digits(x), y=_digits(y), text_anchor=anchor, **more)


def _short(name: str, columns: int = 32) -> str:
    """A name that fits beside its bar; a Chinese character takes two columns."""
    kept, used = "", 0
    for letter in name:
        used += 2 if ord(letter) > 0x2E7F else 1
        if used > columns:
            return kept.rstrip() + "…"
        kept += letter
    return name
