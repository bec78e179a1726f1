"""Where a check that is not right has to stop the notebook: under nbgrader, and under pytest.

Both take a cell that returns for a cell that passes, so an unsolved notebook would pass them.  In a student's
own JupyterLab a check shows a card and the notebook runs on.
"""

from __future__ import annotations

import os

from rgteach.course.card import Card
from rgteach.errors import LearnerError

# set by nbgrader ("autograde", "validate") and by pytest, which hands it on to the kernels of its plugins
_NBGRADER, _PYTEST = "NBGRADER_EXECUTION", "PYTEST_CURRENT_TEST"
# "tell" keeps to cards under pytest, as `rgteach check` needs it; "raise" is strict anywhere
CHECKS = "RGTEACH_CHECKS"


class NotRight(LearnerError):
    """A check that is not right, where only a right one may pass: three sentences, then the card."""

    def __init__(self, card: Card):
        told = card.sentences[0][1] if card.sentences else card.title
        super().__init__("check-not-right", told=told, headline=card.headline, exercise=card.exercise)
        self.card = card

    def __str__(self) -> str:
        return f"{super().__str__()}\n\n{self.card!r}"


def graded() -> bool:
    """Whether nbgrader runs this notebook."""
    return bool(os.environ.get(_NBGRADER))


def wanted() -> bool:
    """Whether a check that is not right has to raise here."""
    if graded():
        return True
    asked = os.environ.get(CHECKS, "").strip().lower()
    return asked == "raise" or (asked != "tell" and bool(os.environ.get(_PYTEST)))


def passed(card: Card) -> Card:
    """The card of a check.

    Raises
    ------
    NotRight
        If the check is not right and has to be; what a person marks never raises.
    """
    if card.outcome != "right" and not card.by_person and wanted():
        raise NotRight(card)
    return card
