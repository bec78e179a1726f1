"""What a race shows: who ran, how long one call took, and whether all give the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rgteach.course.card import ICONS, Card, padded, safe, width
from rgteach.wording import say

_EQUAL = 1.15  # times closer than this are not told apart
_CELL = "text-align:left;padding:.15em .9em .15em 0;vertical-align:top"
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Lane:
    """One function: whose (nothing for the student's), the median time, agreement, why it did not run."""

    who: str
    seconds: float | None
    agrees: bool
    failed: str = ""


@dataclass(frozen=True, repr=False)
class RaceCard(Card):
    """A card with the table of a race; the sentence below holds no times, so it is the same each time."""

    lanes: tuple[Lane, ...] = ()
    function: str = ""

    @property
    def headline(self) -> str:
        """The race and its exercise."""
        return f"{say('race-title', self.lang)} · {self.title}"

    def rows_of_table(self) -> list[tuple[str, str, str]]:
        """Who, time, compared with the student's own."""
        return [(self._who(lane), self._time(lane), self._compared(lane)) for lane in self.lanes]

    def _who(self, lane: Lane) -> str:
        if not lane.who:
            return say("race-yours", self.lang, function=self.function)
        return say("race-plain-python", self.lang) if lane.who.lower() == "plain python" else lane.who

    def _time(self, lane: Lane) -> str:
        if lane.failed:
            return say("race-did-not-run", self.lang, reason=lane.failed)
        return "–" if lane.seconds is None else duration(lane.seconds)

    def _compared(self, lane: Lane) -> str:
        mine = self.lanes[0].seconds
        if not lane.who or lane.seconds is None or mine is None:
            return "–"
        ratio = mine / max(lane.seconds, 1e-9)
        if 1 / _EQUAL < ratio < _EQUAL:
            return say("race-as-fast", self.lang)
        if ratio > 1:
            return say("race-faster", self.lang, times=rounded(ratio))
        return say("race-slower", self.lang, times=rounded(1 / ratio))

    @property
    def verdict(self) -> str:
        """Whether the results agree, in words without numbers."""
        comma = say("answer-comma", self.lang)
        ran = [lane for lane in self.lanes[1:] if not lane.failed]
        others = comma.join(self._who(lane) for lane in ran if not lane.agrees)
        if others:
            return say("race-differ", self.lang, others=others)
        if not ran:
            return say("race-alone", self.lang)
        return say("race-agree", self.lang, others=comma.join(self._who(lane) for lane in ran))

    def _head(self) -> tuple[str, ...]:
        return tuple(say(f"race-{name}", self.lang) for name in ("who", "time", "compared"))

    def _lines(self) -> Iterator[str]:
        yield f"{ICONS[self.outcome]} {self.headline}"
        rows = [self._head(), *self.rows_of_table()]
        wide = [max(width(row[k]) for row in rows) for k in range(3)]
        for row in rows:
            yield "  " + "  ".join(padded(c, w) for c, w in zip(row, wide, strict=True)).rstrip()
        yield f"  {self.verdict}"

    def _html(self) -> Iterator[str]:
        icon = f'<span aria-hidden="true" style="font-weight:700">{ICONS[self.outcome]}</span>'
        yield f"<div>{icon} <strong>{safe(self.headline)}</strong></div>"
        yield f'<table style="margin:.4em 0;border-collapse:collapse;color:inherit"><caption style="{_CELL}">'
        yield f"{safe(say('race-caption', self.lang))}</caption><thead><tr>"
        yield "".join(f'<th scope="col" style="{_CELL}">{safe(name)}</th>' for name in self._head())
        yield "</tr></thead><tbody>"
        for who, *rest in self.rows_of_table():
            cells = "".join(f'<td style="{_CELL}">{_unbroken(text)}</td>' for text in rest)
            yield f'<tr><th scope="row" style="{_CELL}">{safe(who)}</th>{cells}</tr>'
        yield f"</tbody></table><div>{safe(self.verdict)}</div>"


def _unbroken(text: str) -> str:
    """A number and its unit stay on one line of a narrow screen."""
    return re.sub(r"(\d) (?=[nµm]?s$)", r"\1&nbsp;", safe(text))


def duration(seconds: float) -> str:
    """A time with three digits and the unit that fits."""
    size, unit = next((u for u in _UNITS if seconds >= u[0] * 0.9995), _UNITS[-1])
    return f"{_digits(seconds / size)} {unit}"


def _digits(number: float) -> str:
    return f"{number:.3g}" if number < 999.5 else f"{number:.0f}"


def rounded(ratio: float) -> str:
    """A ratio with two digits."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{float(f'{ratio:.2g}'):,.0f}"
