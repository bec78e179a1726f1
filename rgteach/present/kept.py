"""What a speaker keeps to themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """What the speaker sees and the room does not: a heading, and text in Markdown below it."""

    heading: str
    text: str
