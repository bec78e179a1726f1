"""What a demo hands to the page: HTML that says its language, and the same in words."""

from __future__ import annotations

import html
from dataclasses import dataclass

from rgteach.wording import tag


@dataclass(frozen=True)
class Still:
    """One view of a demo: a picture, a table of numbers, and both in words."""

    html: str
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


def spoken(content: str) -> str:
    """HTML that says in which language it is, for a screen reader."""
    return f'<div lang="{tag()}">{content}</div>'


def sentence(trouble: Exception | str) -> Still:
    """What stands in place of a picture that cannot be drawn."""
    told = str(trouble)
    lines = "".join(f"<div>{html.escape(line)}</div>" for line in told.splitlines())
    look = "border-left:4px solid #D55E00;padding:6px 12px;font-size:120%"  # also without the colour a mark
    return Still(spoken(f'<div role="status" style="{look}">{lines}</div>'), told)
