"""Which features come back when half of the patients are drawn again and again: stability selection."""

from __future__ import annotations

import numpy as np

from rgteach.doors import between, column, door, matrix, one_of, same_length, whole_number
from rgteach.errors import LearnerError, warn
from rgteach.models.logistic.problem import two_classes
from rgteach.models.penalised import lasso_path
from rgteach.models.validation.folds import group_numbers
from rgteach.models.validation.heldout import MEASURES
from rgteach.models.validation.part import learn
from rgteach.models.validation.stability_result import SLACK, StabilitySelection

REACH = (
    2.5  # half of the patients can let features in above the λmax of all; the grid begins this much higher
)
DEPTHS = (0.25, 0.5, 1.0)  # shares of the grid; a half is only followed as far down as it has to be
FEW = 5  # patients of a class in a half


@door
def stability_selection(
    X: object,
    y: object,
    *,
    max_false: float | None = None,
    q: int | None = None,
    lam: float | None = None,
    threshold: float = 0.75,
    pairs: int = 50,
    family: str = "gaussian",
    l1_ratio: float = 1.0,
    groups: object = None,
    seed: int = 0,
    n_lam: int = 100,
    lam_ratio: float = 0.01,
    standardise: bool = True,
    intercept: bool = True,
    unpenalised: object = None,
    tol: float = 1e-10,
) -> StabilitySelection:
    """Select the features that a penalised fit to half of the patients finds again and again.

    The patients are split into two halves, `pairs` times.  On each half the path is followed down from a
    large λ; the features that come in before it is stopped are the half's set.  A feature is selected if it
    is in at least `threshold` of the 2 · pairs sets.

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
    y : array, shape (n,)
        The outcome; two values for family="binomial".
    max_false, q, lam
        Where the path of a half is stopped; give one of them.  `q`: before its set would have more than q
        features.  `max_false` (default 1): at the largest q for which at most so many falsely selected
        features are to be expected.  `lam`: at this λ; q is then the mean size of the sets, and the bound an
        estimate.
    threshold : float in (0.5, 1]
        Share π of the halves that a feature needs; between 0.6 and 0.9 it matters little.
    pairs : int
        How often the patients are halved; 50 as in Shah and Samworth.
    family : "gaussian" or "binomial"
        For "binomial" each class is halved by itself, so that no half is left without carriers.
    groups : array, shape (n,), optional
        Lesions of one patient carry the same name and go into the same half.
    seed : int
        Pair number i draws from the seed (seed, i): further pairs leave the first ones as they were.
    l1_ratio, n_lam, lam_ratio, standardise, intercept, unpenalised, tol
        As in `lasso_path`.  Unpenalised columns are in every fit and not counted.

    Returns
    -------
    StabilitySelection

    Raises
    ------
    LearnerError
        Where the rule, the threshold or the halves cannot be had with these data.

    Notes
    -----
    The number V of selected features that are no better than chance has E(V) ≤ q² / ((2π − 1) p).
    Meinshausen and Bühlmann 2010 (doi:10.1111/j.1467-9868.2010.00740.x) assume for it that false features
    are exchangeable.  With the complementary halves drawn here it needs no such assumption if V counts the
    selected features whose chance to be in a half's set is at most q / p (Shah and Samworth 2013, Theorem 1,
    doi:10.1111/j.1467-9868.2011.01034.x, for infinitely many and for any number of pairs).  So a companion of
    a true feature that is often taken in its place is not false in this sense; where two features carry the
    same information, the sets choose between them and neither may reach the threshold.

    Meinshausen and Bühlmann compare the largest share over single λ with the threshold.  Here the sets are
    unions down to λ, which is never less and keeps the bound.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(3)
    >>> X = rng.normal(size=(100, 30))
    >>> y = 2 * X[:, 4] - 2 * X[:, 9] + rng.normal(size=100)
    >>> found = stability_selection(X, y, pairs=10)
    >>> sorted(found.selected), found.q, round(found.bound, 2)
    (['x4', 'x9'], 3, 0.6)
    """
    one_of("family", family, MEASURES)
    array, names = matrix(X, "X")
    outcome = column(y, "y") if family == "gaussian" else two_classes(y, None, False)[0]
    same_length(X=len(array), y=len(outcome))
    share = between("threshold", threshold, 0.5, 1 + 1e-12)
    how = {"family": family, "l1_ratio": l1_ratio, "tol": tol}
    how |= {"standardise": standardise, "intercept": intercept}
    top = lasso_path(X, y, n_lam=1, lam_ratio=lam_ratio, unpenalised=unpenalised, **how)
    counted = ~np.isin(names, top.settings["unpenalised"])
    how["unpenalised"] = None if counted.all() else np.flatnonzero(~counted)
    lowest, most = _rule(max_false, q, lam, share, int(counted.sum()))
    grid = _grid(top.lam[0], lam_ratio * top.lam[0] if lowest is None else lowest, n_lam)
    halves, flags = _halves(outcome, family, groups, pairs, seed)
    by_lam = _shares(array, outcome, halves, grid, most, counted, how)
    bound = (by_lam[-1].sum() if most is None else most) ** 2 / ((2 * share - 1) * counted.sum())
    if 0 < np.sum(by_lam[-1] >= share - SLACK) <= bound:
        flags += ("stability-flag-loose",)
    settings = {**how, "pairs": len(halves) // 2, "seed": seed}
    return StabilitySelection(grid, by_lam, share, most, float(bound), names, counted, settings, flags)


def _grid(highest: float, lowest: float, n_lam: int) -> np.ndarray:
    return np.geomspace(REACH * highest, min(lowest, highest), whole_number("bad-n-lam", n_lam, 2))


def _rule(
    max_false: float | None, q: int | None, lam: float | None, share: float, p: int
) -> tuple[float | None, int | None]:
    """The lowest λ to go down to, or the most features a set may have; the other one is None."""
    given = [name for name, value in (("max_false", max_false), ("q", q), ("lam", lam)) if value is not None]
    if len(given) > 1:
        raise LearnerError("stability-one-rule", given=", ".join(given))
    if lam is not None:
        return between("lam", lam, 0, np.inf), None
    if q is None:
        wanted = between("max_false", 1.0 if max_false is None else max_false, 0, np.inf)
        most = min(int(np.sqrt(wanted * (2 * share - 1) * p)), p)
        if most < 1:
            raise LearnerError(
                "stability-q-zero", max_false=f"{wanted:g}", p=p, least=f"{1 / ((2 * share - 1) * p):.2g}"
            )
        return None, most
    most = whole_number("stability-bad-q", q, 1)
    if most > p:
        raise LearnerError("stability-q-large", q=most, p=p)
    return None, most


def _halves(
    y: np.ndarray, family: str, groups: object, pairs: int, seed: int
) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Rows of 2 · pairs halves, each beside the one it shares no patient with."""
    pairs, seed = whole_number("stability-bad-pairs", pairs, 1), whole_number("cv-bad-seed", seed, 0)
    units = np.arange(len(y)) if groups is None else group_numbers(groups, len(y))
    strata = np.zeros(len(y), int)
    if family == "binomial":
        strata = y.astype(int)
    dealt = strata if groups is None else np.zeros(len(y), int)  # whole groups may hold both classes
    kinds = [np.unique(units[dealt == stratum]) for stratum in np.unique(dealt)]
    least = min(len(kind) for kind in kinds)
    if least < 2:
        raise LearnerError("stability-too-few", n=least)
    halves = []
    for pair in range(pairs):
        rng = np.random.default_rng((seed, pair))
        mixed = [rng.permutation(kind) for kind in kinds]
        for start in (0, 1):  # an odd one out stays out of both
            taken = np.concatenate([m[start * (len(m) // 2) :][: len(m) // 2] for m in mixed])
            halves.append(np.flatnonzero(np.isin(units, taken)))
    fewest = min(int(np.bincount(strata[rows], minlength=strata.max() + 1).min()) for rows in halves)
    if fewest == 0:
        raise LearnerError("stability-half-one-class", n=int(np.bincount(strata).min()))
    if fewest < FEW:
        warn("stability-few", n=fewest, wanted=FEW)
        return halves, ("stability-flag-few",)
    return halves, ()


def _shares(X, y, halves: list[np.ndarray], grid: np.ndarray, most: int | None, counted, how) -> np.ndarray:
    """Share of the halves in which each feature had come in at each λ or above, (k, p)."""
    came_in = np.zeros((len(grid), X.shape[1]))
    for rows in halves:
        first = _first_seen(X[rows], y[rows], grid, most, counted, how)
        seen = np.flatnonzero(first < len(grid))
        came_in[first[seen], seen] += 1
    return np.cumsum(came_in, axis=0) / len(halves)


def _first_seen(
    X: np.ndarray, y: np.ndarray, grid: np.ndarray, most: int | None, counted: np.ndarray, how: dict
) -> np.ndarray:
    """Place on the grid at which each feature of one half comes in, (p,); len(grid) if it does not.

    Where a further step would bring in more than `most` features, the half is stopped before it.
    """
    for depth in (1.0,) if most is None else DEPTHS:
        coef, _ = learn(X, y, grid[: int(np.ceil(depth * len(grid)))], **how)
        nonzero = (coef != 0) & counted
        first = np.where(nonzero.any(axis=0), nonzero.argmax(axis=0), len(grid))
        seen = np.cumsum(np.bincount(first, minlength=len(grid) + 1)[: len(grid)])
        if most is not None and seen[-1] > most:
            stop = int(np.searchsorted(seen, most, side="right"))
            return np.where(first < stop, first, len(grid))
    return first
