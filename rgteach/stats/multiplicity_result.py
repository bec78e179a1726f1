"""What a procedure for many tests answers: which are discoveries, and the q-value of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach import views, wording


@dataclass(frozen=True, eq=False, repr=False)
class Discoveries:
    """The tests that a procedure calls discoveries; stands for its mask, as in `p[found]`.

    Attributes
    ----------
    mask : array of bool, shape of p
        True where a test is a discovery; a missing p-value is none.
    n : int
        How many there are.
    cutoff : float
        A p-value is a discovery when it is at most this; 0 where there is none.
    alpha : float
        The error rate that was to be held.
    method : str
    n_tests, n_missing : int
        Tests that were counted, and p-values that were missing.
    """

    mask: np.ndarray
    n: int
    cutoff: float
    alpha: float
    method: str
    n_tests: int
    n_missing: int

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.mask, dtype=dtype) if copy else np.asarray(self.mask, dtype=dtype)

    def __len__(self) -> int:
        return len(self.mask)

    def facts(self) -> dict[str, str]:
        """Everything that the views show."""
        say = wording.say
        facts = {
            say("discoveries-n"): say("discoveries-of", n=f"{self.n:,}", total=f"{self.n_tests:,}"),
            say("discoveries-method"): say(f"adjust-{self.method}"),
            say("discoveries-alpha"): f"{self.alpha:g}",
            say("discoveries-cutoff"): f"p ≤ {self.cutoff:.4g}" if self.n else say("discoveries-none"),
        }
        if self.n_missing:
            facts[say("discoveries-missing")] = f"{self.n_missing:,}"
        return facts

    def __repr__(self) -> str:
        return views.text_card(wording.say("discoveries-title"), self.facts())

    def _repr_html_(self) -> str:
        return views.card(wording.say("discoveries-title"), self.facts())


@dataclass(frozen=True, eq=False, repr=False)
class QValues:
    """Storey's q-values and the share of nulls they rest on.

    Attributes
    ----------
    q_value : array of float64, shape of p
    pi0 : float
        The estimated share of true null hypotheses, at most 1.
    above : float or None
        Where the share was estimated; None if the point was chosen from a grid.
    n_tests, n_missing : int
        Tests that were counted, and p-values that were missing.
    flags : tuple of str
        "few-tests", "pi0-above-one": keys of sentences shown in the views.
    """

    q_value: np.ndarray
    pi0: float
    above: float | None
    n_tests: int
    n_missing: int
    flags: tuple[str, ...] = ()

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.q_value, dtype=dtype) if copy else np.asarray(self.q_value, dtype=dtype)

    def __len__(self) -> int:
        return len(self.q_value)

    def facts(self) -> dict[str, str]:
        """Everything that the views show."""
        say = wording.say
        facts = {
            say("q-pi0"): f"{self.pi0:.4g}",
            say("q-how"): say("q-how-grid") if self.above is None else say("q-how-point", above=self.above),
            say("q-tests"): f"{self.n_tests:,}",
        }
        if self.n_tests > self.n_missing or not self.n_missing:
            facts[say("q-smallest")] = f"{np.nanmin(self.q_value, initial=1.0):.4g}"
        if self.n_missing:
            facts[say("discoveries-missing")] = f"{self.n_missing:,}"
        for k, flag in enumerate(self.flags, 1):
            facts[f"{say('q-note')} {k}"] = say(flag, n=self.n_tests)
        return facts

    def __repr__(self) -> str:
        return views.text_card(wording.say("q-title"), self.facts())

    def _repr_html_(self) -> str:
        return views.card(wording.say("q-title"), self.facts())
