"""What an answer may not use."""

from __future__ import annotations

from dataclasses import dataclass

from rgteach.course.model import BREACHES, Exercise, Page

KEEPS = {"flag": 1.0, "half": 0.5, "zero": 0.0}


@dataclass(frozen=True)
class Policy:
    """Names that an answer may not import or call, and what happens where it does."""

    forbid: tuple[str, ...] = ()
    breach: str = BREACHES[0]

    @classmethod
    def of_page(cls, page: Page, exercise: Exercise) -> Policy:
        """The policy of an exercise."""
        return cls(*page.forbidden(exercise))

    @property
    def keeps(self) -> float:
        """The share of its points that an answer keeps which breaks the policy."""
        return KEEPS[self.breach]
