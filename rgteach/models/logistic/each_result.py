"""What many logistic regressions of one feature each answer, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from rgteach import views
from rgteach.core import logistic_each as core
from rgteach.doors import between, whole_number
from rgteach.models.logistic.intervals import chi_square_p, normal_p
from rgteach.models.logistic.views import number, p_text
from rgteach.wording import say

UNDETERMINED, COVARIATES, NO_TOP = 9, 10, 11
# The key of the sentence for each state; a fit that went well has none
REASONS = {
    core.CONSTANT: "each-constant",
    core.ONE_CLASS: "each-one-class",
    core.COLLINEAR: "each-collinear",
    core.COMPLETE_UP: "each-complete",
    core.COMPLETE_DOWN: "each-complete",
    core.QUASI_UP: "each-quasi",
    core.QUASI_DOWN: "each-quasi",
    UNDETERMINED: "each-undetermined",
    COVARIATES: "each-covariates",
    NO_TOP: "each-no-top",
}


class Pair(NamedTuple):
    """One fit: a feature and an outcome.

    coef, low and high are log odds ratios for one unit of the feature; p_value is Wald's, p_lr that of the
    likelihood ratio; note is the key of a sentence, or "".
    """

    feature: str
    outcome: str
    coef: float
    se: float
    low: float
    high: float
    p_value: float
    p_lr: float
    n: int
    n_events: int
    note: str


@dataclass(frozen=True, eq=False, repr=False)
class EachResult:
    """Fits of one feature each.  Arrays have the shape (f,), or (f, g) for a table of outcomes.

    Attributes
    ----------
    features, outcomes, covariates : tuple of str
    coef : array
        Log odds ratio for one unit of the feature; ±inf where the feature separates the classes, NaN where
        nothing could be fitted.
    se : array
        Standard error; NaN where coef is not finite.
    lr_statistic : array
        Twice what the feature adds to the log-likelihood; finite where coef is infinite too.
    n, n_events : array of int
        Patients of each fit, and how many of them had the event.
    state : array of uint8
        0 where all went well; see `reason`.
    """

    features: tuple[str, ...]
    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    coef: np.ndarray
    se: np.ndarray
    lr_statistic: np.ndarray
    n: np.ndarray
    n_events: np.ndarray
    state: np.ndarray

    @property
    def z(self) -> np.ndarray:
        """Wald's statistics coef / se."""
        return self.coef / self.se

    @cached_property
    def p_value(self) -> np.ndarray:
        """Wald's p-values, two-sided; NaN where coef is not finite."""
        return normal_p(self.z)

    @cached_property
    def p_lr(self) -> np.ndarray:
        """Likelihood-ratio p-values, chi-square with 1 degree of freedom; NaN where nothing was fitted."""
        return chi_square_p(self.lr_statistic)

    @property
    def odds_ratio(self) -> np.ndarray:
        """exp(coef), for one unit of the feature."""
        with np.errstate(over="ignore"):
            return np.exp(self.coef)

    @property
    def is_separated(self) -> np.ndarray:
        """Where feature (and covariates) tell the classes apart, completely or in part."""
        return (self.state >= core.COMPLETE_UP) & (self.state <= UNDETERMINED)

    def interval(self, level: float = 0.95) -> np.ndarray:
        """Wald intervals of the log odds ratios, shape (f, 2) or (f, g, 2); NaN where coef is not finite."""
        from scipy.special import ndtri

        half = ndtri((1 + between("level", level, 0, 1)) / 2) * self.se
        return np.stack([self.coef - half, self.coef + half], axis=-1)

    def reason(self, feature: int, outcome: int = 0) -> str:
        """Why a fit has no finite estimate, as a sentence in the language in force; "" if it has one."""
        state = int(self.state.reshape(len(self.features), -1)[feature, outcome])
        return say(REASONS[state]) if state in REASONS else ""

    def top(self, k: int = 10, level: float = 0.95) -> list[Pair]:
        """The k fits with the smallest likelihood-ratio p-value, separated ones among them."""
        k = whole_number("each-bad-k", k, 1)
        flat = np.where(np.isnan(self.lr_statistic), -1.0, self.lr_statistic).ravel()
        order = np.argsort(-flat, kind="stable")[:k]
        ends = self.interval(level).reshape(-1, 2)
        return [self._pair(int(i), ends[i]) for i in order if flat[i] >= 0]

    def _pair(self, i: int, ends: np.ndarray) -> Pair:
        feature, outcome = divmod(i, len(self.outcomes))
        picked = {
            name: getattr(self, name).flat[i] for name in ("coef", "se", "p_value", "p_lr", "n", "n_events")
        }
        return Pair(
            self.features[feature],
            self.outcomes[outcome],
            low=float(ends[0]),
            high=float(ends[1]),
            note=REASONS.get(int(self.state.flat[i]), ""),
            **{name: value.item() for name, value in picked.items()},
        )

    # ------------------------------------------------------------ views

    def _facts(self) -> dict[str, str]:
        facts = {
            say("each-fits"): say(
                "each-counts",
                f=f"{len(self.features):,}",
                g=f"{len(self.outcomes):,}",
                n=f"{self.state.size:,}",
            ),
            say("logistic-patients"): say("logistic-to", low=int(self.n.min()), high=int(self.n.max())),
        }
        if self.covariates:
            facts[say("each-with")] = ", ".join(self.covariates)
        for state, key in REASONS.items():
            n = int(np.count_nonzero(self.state == state))
            if n:
                label = say(f"{key}-name")
                before = int(facts.get(label, "0").replace(",", ""))  # up and down are told together
                facts[label] = f"{before + n:,}"
        return facts

    def _rows(self) -> list[list[str]]:
        return [
            [
                f"{pair.feature} · {pair.outcome}",
                number(pair.coef),
                number(float(np.exp(min(pair.coef, 709.0))) if np.isfinite(pair.coef) else pair.coef),
                say("logistic-to", low=number(_exp(pair.low)), high=number(_exp(pair.high))),
                p_text(pair.p_value),
                p_text(pair.p_lr),
                f"{pair.n_events} / {pair.n}",
            ]
            for pair in self.top()
        ]

    def __repr__(self) -> str:
        lines = {
            name: say("each-line", coef=coef, odds=odds, interval=ends, p=p_lr, events=events)
            for name, coef, odds, ends, _, p_lr, events in self._rows()
        }
        return views.text_card(say("each-title"), self._facts() | lines)

    def _repr_html_(self) -> str:
        header = [
            say("each-pair"),
            say("logistic-coef"),
            say("logistic-odds-ratio"),
            say("logistic-interval-wald", level="95"),
            say("logistic-p-wald"),
            say("logistic-p-profile"),
            say("each-events"),
        ]
        return views.card(say("each-title"), self._facts(), below=views.table(header, self._rows()))


def _exp(value: float) -> float:
    return float(np.exp(min(value, 709.0)))
