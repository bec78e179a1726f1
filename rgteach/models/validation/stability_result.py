"""What stability selection found, readable."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

import numpy as np

from rgteach import views, wording

SLACK = 1e-9  # 75 of 100 halves reach a threshold of 0.75, whatever binary fractions make of it
SHOWN = 12  # features in the views


@dataclass(frozen=True, eq=False, repr=False)
class StabilitySelection:
    """How often each feature was in the set of a half, and which ones were often enough.

    Attributes
    ----------
    lam : array, shape (k,)
        Penalty strengths, descending, the same for all halves.
    by_lam : array, shape (k, p)
        Share of the halves in which a feature had come in at this λ or above it, before the half was stopped.
    threshold : float
        The share a feature needs.
    q : int or None
        Most features a set may have; None where the sets end at a λ.
    bound : float
        q² / ((2π − 1) p), what the expected number of falsely selected features cannot exceed.
    names : tuple of str
        All p columns.
    counted : array of bool, shape (p,)
        False for columns without penalty, which are in every fit.
    settings : dict
    flags : tuple of str
        Keys of sentences on what may mislead.
    """

    lam: np.ndarray
    by_lam: np.ndarray
    threshold: float
    q: int | None
    bound: float
    names: tuple[str, ...]
    counted: np.ndarray
    settings: dict = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def probability(self) -> np.ndarray:
        """Share of the halves whose set has the feature, shape (p,); 0 where it is not counted."""
        return self.by_lam[-1]

    @property
    def mean_size(self) -> float:
        """Mean number of features in a half's set."""
        return float(self.probability.sum())

    @property
    def order(self) -> np.ndarray:
        """Places of the counted columns, the most often found first; equal ones in the order of X."""
        order = np.argsort(-self.probability, kind="stable")
        return order[self.counted[order]]

    @property
    def selected(self) -> tuple[str, ...]:
        """Names of the features that reach the threshold, the most often found first."""
        return tuple(self.names[j] for j in self.order if self._is_in(j))

    def _is_in(self, place: int) -> bool:
        return bool(self.probability[place] >= self.threshold - SLACK)

    def _facts(self) -> dict[str, str]:
        facts = {
            wording.say("stability-halves"): str(2 * self.settings["pairs"]),
            wording.say("stability-stopped"): self._stopped(),
            wording.say("stability-threshold"): f"{self.threshold:g}",
            wording.say("stability-bound"): f"{self.bound:.3g}",
            wording.say("stability-selected"): wording.say(
                "stability-selected-of", n=len(self.selected), p=int(self.counted.sum())
            ),
        }
        for number, flag in enumerate(self.flags, 1):
            facts[wording.say("cv-mind", number=number)] = wording.say(flag)
        return facts

    def _stopped(self) -> str:
        if self.q is None:
            return wording.say("stability-at-lam", lam=f"{self.lam[-1]:.4g}", q=f"{self.mean_size:.3g}")
        return wording.say("stability-at-q", q=self.q)

    def _shares(self) -> list[tuple[str, str, str]]:
        """Rows (name, share, whether selected) of the features most often found."""
        shown = [j for j in self.order[:SHOWN] if self.probability[j] > 0]
        answers = {True: wording.say("word-yes"), False: wording.say("word-no")}
        return [(self.names[j], f"{self.probability[j]:.0%}", answers[self._is_in(j)]) for j in shown]

    def __repr__(self) -> str:
        shares = {name: share for name, share, _ in self._shares()}
        told = ", ".join(f"{name} {share}" for name, share in shares.items())
        often = {wording.say("stability-often"): told} if told else {}
        return views.text_card(wording.say("stability-title"), {**self._facts(), **often})

    def _repr_html_(self) -> str:
        head = [wording.say(f"stability-{column}") for column in ("feature", "share", "is-selected")]
        caption = f"<p>{html.escape(wording.say('stability-often'))}</p>"
        rows = self._shares()
        below = caption + views.table(head, rows) if rows else ""
        return views.card(wording.say("stability-title"), self._facts(), below=below)
