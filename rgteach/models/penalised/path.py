"""A penalised path: solutions of one problem for many penalties, each with its distance from the optimum."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rgteach import views, wording
from rgteach.doors import matrix
from rgteach.errors import LearnerError

SHOWN = 8  # names that a view lists before it says how many more there are
# mixes with a name of their own
TITLES = {1.0: "lasso", 0.0: "ridge"}


@dataclass(frozen=True, repr=False)
class PenalisedPath:
    """Solutions for k penalties, from the strongest to the weakest; p counts all columns of X.

    Attributes
    ----------
    lam : array, shape (k,)
        Penalty strengths, falling.
    coef : array, shape (k, p)
        Coefficients on the scale of the X given, those of unpenalised columns included.
    intercept : array, shape (k,)
    gap, relative_gap : array, shape (k,)
        Duality gap: the most by which the objective could still fall; and the same over the objective of the
        null model, which has the intercept and the unpenalised columns only.
    objective : array, shape (k,)
        Value of what is minimised, the penalty included.
    n_nonzero : array of int, shape (k,)
        Penalised features whose coefficient is not zero.
    deviance_ratio : array, shape (k,)
        Share of the null model's deviance that is explained; R² where the family is gaussian.
    family, l1_ratio, names
    settings : dict
        How it was fitted; `settings["unpenalised"]` holds the names of what was not penalised.
    flags : tuple of str
        Keys of sentences about what to think of before the numbers are used.
    """

    lam: np.ndarray
    coef: np.ndarray
    intercept: np.ndarray
    gap: np.ndarray
    relative_gap: np.ndarray
    objective: np.ndarray
    n_nonzero: np.ndarray
    deviance_ratio: np.ndarray
    family: str
    l1_ratio: float
    names: tuple[str, ...]
    settings: dict = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lam)

    def at(self, lam: float, *, nearest: bool = False) -> PathPoint:
        """The solution at one penalty of the grid.

        A value between two grid points is refused and never interpolated: between them features come and go.
        With `nearest=True` the closest grid point (by ratio) is taken; its own penalty stands in the result.

        Raises
        ------
        LearnerError
            "penalty-not-on-path", with the closest one.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            away = np.abs(np.log(self.lam / lam)) if np.ndim(lam) == 0 and lam > 0 else np.array([np.nan])
        if np.isnan(away).any() or (away.min() > 1e-9 and not nearest):
            closest = self.lam[0] if np.isnan(away).any() else self.lam[away.argmin()]
            raise LearnerError(
                "penalty-not-on-path",
                given=lam,
                nearest=float(closest),
                high=float(self.lam[0]),
                low=float(self.lam[-1]),
                n=len(self.lam),
            )
        return self.point(int(away.argmin()))

    def point(self, k: int) -> PathPoint:
        """The solution number k of the grid, 0 being the strongest penalty."""
        return PathPoint(
            float(self.lam[k]),
            self.coef[k],
            float(self.intercept[k]),
            float(self.gap[k]),
            float(self.relative_gap[k]),
            float(self.deviance_ratio[k]),
            self.family,
            self.l1_ratio,
            self.names,
            self.settings.get("unpenalised", ()),
        )

    def predict(self, X) -> np.ndarray:
        """Fitted values for new rows, shape (n, k); with family="binomial" probabilities of y = 1."""
        return response(self.linear_predictor(X), self.family)

    def linear_predictor(self, X) -> np.ndarray:
        """Intercept plus coefficients times columns, shape (n, k); the log-odds where y is 0 or 1."""
        return columns_like(X, self.names) @ self.coef.T + self.intercept

    def nonzero(self, lam: float, *, nearest: bool = False) -> tuple[str, ...]:
        """Names of the penalised features in the model at one penalty of the grid."""
        return self.at(lam, nearest=nearest).nonzero()

    @property
    def title(self) -> str:
        """What it is, in the language of this moment."""
        return titled(self.l1_ratio, self.family)

    def _facts(self) -> dict[str, str]:
        worst = int(np.argmax(self.relative_gap))
        facts = {
            wording.say("path-n-lam"): wording.say(
                "path-lam-range", n=len(self.lam), high=f"{self.lam[0]:.4g}", low=f"{self.lam[-1]:.4g}"
            ),
            wording.say("path-features"): wording.say(
                "path-nonzero-range",
                first=int(self.n_nonzero[0]),
                last=int(self.n_nonzero[-1]),
                total=len(self.names) - len(self.settings.get("unpenalised", ())),
            ),
            wording.say("path-explained"): f"{self.deviance_ratio[-1]:.3f}",
            wording.say("path-worst-gap"): wording.say(
                "path-gap-at", gap=f"{self.relative_gap[worst]:.1e}", lam=f"{self.lam[worst]:.4g}"
            ),
        }
        if self.settings.get("unpenalised"):
            facts[wording.say("path-unpenalised")] = listed(self.settings["unpenalised"])
        if self.flags:
            facts[wording.say("path-flags")] = " ".join(wording.say(flag) for flag in self.flags)
        return facts

    def __repr__(self) -> str:
        return views.text_card(self.title, self._facts())

    def _repr_html_(self) -> str:
        return views.card(self.title, self._facts())


@dataclass(frozen=True, repr=False)
class PathPoint:
    """One solution of a path; `coef` is on the scale of the X given."""

    lam: float
    coef: np.ndarray
    intercept: float
    gap: float
    relative_gap: float
    deviance_ratio: float
    family: str
    l1_ratio: float
    names: tuple[str, ...]
    unpenalised: tuple[str, ...] = ()

    def predict(self, X) -> np.ndarray:
        """Fitted values for new rows, shape (n,); with family="binomial" probabilities of y = 1."""
        return response(self.linear_predictor(X), self.family)

    def linear_predictor(self, X) -> np.ndarray:
        """Intercept plus coefficients times columns, shape (n,)."""
        return columns_like(X, self.names) @ self.coef + self.intercept

    def nonzero(self) -> tuple[str, ...]:
        """Names of the penalised features whose coefficient is not zero, the largest coefficient first.

        "Largest" is meant on the scale of X, so it compares features only where they share a unit.
        """
        order = np.argsort(-np.abs(self.coef), kind="stable")
        free = set(self.unpenalised)
        return tuple(self.names[j] for j in order if self.coef[j] != 0 and self.names[j] not in free)

    def _facts(self) -> dict[str, str]:
        names = self.nonzero()
        return {
            wording.say("path-lam"): f"{self.lam:.6g}",
            wording.say("path-chosen"): wording.say("path-chosen-list", n=len(names), names=listed(names)),
            wording.say("path-intercept"): f"{self.intercept:.6g}",
            wording.say("path-explained"): f"{self.deviance_ratio:.3f}",
            wording.say("path-gap"): f"{self.relative_gap:.1e}",
        }

    def __repr__(self) -> str:
        return views.text_card(titled(self.l1_ratio, self.family), self._facts())

    def _repr_html_(self) -> str:
        return views.card(titled(self.l1_ratio, self.family), self._facts())


def titled(l1_ratio: float, family: str) -> str:
    """Lasso, ridge or elastic net, and the family."""
    kind = wording.say(f"path-{TITLES.get(l1_ratio, 'elastic-net')}", l1_ratio=f"{l1_ratio:g}")
    return wording.say("path-title", kind=kind, family=wording.say(f"path-{family}"))


def listed(names) -> str:
    """The first names, and how many more there are."""
    names = list(names)
    told = ", ".join(names[:SHOWN])
    return told if len(names) <= SHOWN else wording.say("path-more", told=told, n=len(names) - SHOWN)


def response(linear: np.ndarray, family: str) -> np.ndarray:
    """Means from linear predictors: themselves, or 1 / (1 + exp(-eta))."""
    if family == "gaussian":
        return linear
    from scipy.special import expit

    return expit(linear)


def columns_like(X, names: tuple[str, ...]) -> np.ndarray:
    """New rows as an array with the columns of the fit, found by name where X has names."""
    table, given = matrix(X, "X")
    if hasattr(X, "columns") and given != names and set(names) <= set(given):
        return table[:, [given.index(name) for name in names]]
    if table.shape[1] != len(names) or (hasattr(X, "columns") and set(given) != set(names)):
        missing = [name for name in names if name not in given]
        raise LearnerError(
            "other-columns", n=table.shape[1], expected=len(names), missing=listed(missing or ["-"])
        )
    return table
