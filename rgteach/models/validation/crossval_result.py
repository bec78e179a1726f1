"""What cross-validation found, readable."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rgteach import views, wording
from rgteach.models.penalised.path import PenalisedPath
from rgteach.models.validation.folds import Fold

SHOWN = 8  # coefficients in the views


@dataclass(frozen=True, eq=False, repr=False)
class CrossValidation:
    """Held-out errors along a penalised path, and the model that a rule chose from them.

    Attributes
    ----------
    lam : array, shape (k,)
        Penalty strengths, descending, the same in all folds.
    error, se : arrays, shape (k,)
        Mean held-out error and its standard error, in the unit of `measure`.
    fold_error : array, shape (F, k)
        Error of each fold; NaN where a fold has none (AUC with one class).
    folds : tuple of Fold
        Rows learnt from and rows held out in each fold.
    measure : str
        "mse", "mae", "deviance", "misclassification" or "auc" (then the error is 1 − AUC).
    best, sparse : int
        Places of `lam_min` and `lam_1se` on the grid.
    rule : "1se" or "min"
        Which of them is the chosen one.
    path : PenalisedPath
        The fit to all patients, at every `lam`.
    compared : dict
        Smallest mean error of each `l1_ratio` that was tried.
    flags : tuple of str
        Keys of sentences on what may mislead.
    """

    lam: np.ndarray
    error: np.ndarray
    se: np.ndarray
    fold_error: np.ndarray
    folds: tuple[Fold, ...]
    measure: str
    best: int
    sparse: int
    rule: str
    path: PenalisedPath
    compared: dict[float, float]
    settings: dict = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    @property
    def chosen(self) -> int:
        """Place of the chosen λ on the grid."""
        return self.sparse if self.rule == "1se" else self.best

    @property
    def lam_min(self) -> float:
        """The λ with the smallest mean error."""
        return float(self.lam[self.best])

    @property
    def lam_1se(self) -> float:
        """The largest λ whose error is within one standard error of the smallest."""
        return float(self.lam[self.sparse])

    @property
    def lam_chosen(self) -> float:
        """`lam_1se` or `lam_min`, as the rule says."""
        return float(self.lam[self.chosen])

    @property
    def l1_ratio(self) -> float:
        """The mix of the path that was chosen."""
        return self.path.l1_ratio

    @property
    def coef(self) -> np.ndarray:
        """Coefficients at the chosen λ, fitted to all patients, shape (p,), on the scale of X."""
        return self.path.coef[self.chosen]

    @property
    def intercept(self) -> float:
        """Intercept at the chosen λ."""
        return float(self.path.intercept[self.chosen])

    @property
    def n_nonzero(self) -> np.ndarray:
        """How many coefficients are not zero at each λ, in the fit to all patients, shape (k,)."""
        return self.path.n_nonzero

    @property
    def selected(self) -> tuple[str, ...]:
        """Names of the penalised features in the model at the chosen λ, the largest coefficient first."""
        return self.path.point(self.chosen).nonzero()

    @property
    def fold_of(self) -> np.ndarray:
        """Number of the fold that held each patient out, shape (rounds, n); -1 where none did.

        One round unless patients were held out several times (repeats, or a splitter that draws at random).
        """
        rounds = [np.full(self.settings["rows"], -1)]
        for number, fold in enumerate(self.folds):
            if np.any(rounds[-1][fold.test] >= 0):
                rounds.append(np.full(self.settings["rows"], -1))
            rounds[-1][fold.test] = number
        return np.array(rounds)

    def _facts(self) -> dict[str, str]:
        least, *_, most = sorted(len(fold.test) for fold in self.folds)
        sizes = str(least) if least == most else f"{least}–{most}"
        facts = {
            wording.say("cv-folds"): wording.say("cv-folds-are", n=len(self.folds), sizes=sizes),
            wording.say("cv-measure"): wording.say(f"cv-measure-{self.measure}"),
            wording.say("cv-lam-min"): self._told(self.best),
            wording.say("cv-lam-1se"): self._told(self.sparse),
            wording.say("cv-chosen"): wording.say(f"cv-rule-{self.rule}"),
        }
        if len(self.compared) > 1:
            facts[wording.say("cv-mix")] = f"{self.l1_ratio:g}"
        if self.selected:
            told = [f"{name} {self.coef[self.path.names.index(name)]:+.3g}" for name in self.selected[:SHOWN]]
            facts[wording.say("cv-coef")] = ", ".join(told + ["…"] * (len(self.selected) > SHOWN))
        for number, flag in enumerate(self.flags, 1):
            facts[wording.say("cv-mind", number=number)] = wording.say(flag)
        return facts

    def _told(self, place: int) -> str:
        return wording.say(
            "cv-point",
            lam=f"{self.lam[place]:.4g}",
            error=f"{self.error[place]:.4g}",
            se=f"{self.se[place]:.2g}",
            n=int(self.n_nonzero[place]),
        )

    def __repr__(self) -> str:
        return views.text_card(wording.say("cv-title"), self._facts())

    def _repr_html_(self) -> str:
        return views.card(wording.say("cv-title"), self._facts())
