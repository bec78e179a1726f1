"""What a check shows: a small card in Jupyter, plain text elsewhere."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

ICONS = {"not tried": "○", "not yet": "✗", "right": "✓", "cannot check": "?"}


@dataclass(frozen=True)
class Card:
    """The answer of `rg.check`."""

    exercise: str
    outcome: str
    lang: str
    lines: tuple[str, ...] = ()
    mistake: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        body = "<br>".join(html.escape(line) for line in self.lines)
        return f'<div role="status" lang="{self.lang}">{body}</div>'
