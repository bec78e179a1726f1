"""The proportional-odds model: how an outcome of ordered categories moves with the columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rgteach.core import ordinal as core
from rgteach.doors import between, door, matrix, same_length
from rgteach.errors import LearnerError, warn
from rgteach.models.design import case_weights, refuse_collinear
from rgteach.models.ordinal.result import OrdinalResult
from rgteach.models.ordinal.rows import Rows, outcome
from rgteach.models.ordinal.separation import separating

SUSPICIOUS = 8.0  # a coefficient per standard deviation that no data give without near-certainty
MOST_CATEGORIES = 200


@door
def ordinal(
    X: object, y: object, *, weights: object = None, levels: Sequence | None = None, level: float = 0.95
) -> OrdinalResult:
    """Fit logit P(y ≤ j) = θ_j − X coef, one set of coefficients for all thresholds θ_1 < θ_2 < …

    A positive coefficient goes with higher categories: exp(coef) is the odds ratio of lying above any
    threshold, for one unit of the column, the same at every threshold (`brant()` tests that).

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
        One row a patient, one column a feature, in any units.
    y : array, shape (n,)
        Ordered categories: numbers, or an ordered pandas categorical, or anything that `levels` puts in
        order.  Only the order of numbers counts, not their distances.
    weights : array, shape (n,), optional
        How many patients each row stands for.  Rows of weight 0 are left out.
    levels : sequence, optional
        The categories from lowest to highest, for text or for another order than that of the numbers.
    level : float
        Of the confidence intervals.

    Returns
    -------
    OrdinalResult
        `coef`, `se`, `p_value`, `odds_ratio`, `interval()` by column, `thresholds`, likelihood-ratio tests,
        `aic`, `brant()` for the test of proportional odds, `predict(X)` for the probabilities.

    Raises
    ------
    LearnerError
        "ordinal-one-category", "ordinal-text" if text comes without levels, "ordinal-unknown-level",
        "ordinal-many-categories", "too-few-rows", "constant-columns", "collinear-columns", "case-weights".

    Warns
    -----
    LearnerWarning
        "ordinal-separated" if the columns tell categories apart without error: then the estimates of the
        named columns are infinite and are given as ±inf (NaN where even the sign is open), and no standard
        errors are given at all, because they would mean nothing.  Likelihood-ratio tests keep their meaning.

    Notes
    -----
    Newton's method with step halving from the observed shares, on columns with mean 0 and sd 1; the
    log-likelihood is concave (Pratt 1981), so there is one top.  Standard errors come from the observed
    information, as in R's polr.  The sign of the coefficients is that of polr and of statsmodels'
    OrderedModel; SAS writes logit P(y ≤ j) = θ_j + X coef.  With two categories it is logistic regression
    with intercept −θ_1.  A category that nobody is in is left out and named.

    References
    ----------
    McCullagh 1980, doi:10.1111/j.2517-6161.1980.tb01109.x; Pratt 1981, doi:10.1080/01621459.1981.10477613.

    Examples
    --------
    Of 20 patients without the mutation 10, 6 and 4 have grade 1, 2 and 3, of 20 with it 4, 6 and 10.  The
    odds of more than grade 1 are 10 / 10 and 16 / 4, those of more than grade 2 are 4 / 16 and 10 / 10.

    >>> mutated = np.repeat([0, 0, 0, 1, 1, 1], [10, 6, 4, 4, 6, 10])
    >>> grade = np.repeat([1, 2, 3, 1, 2, 3], [10, 6, 4, 4, 6, 10])
    >>> fit = ordinal(mutated, grade)
    >>> fit.odds_ratio.round(6).tolist()
    [4.0]
    """
    level = between("level", level, 0, 1)
    X, names = matrix(X, "X")
    codes, labels = outcome(y, levels)
    n_given = same_length(X=len(X), y=len(codes))
    weights = case_weights(weights, n_given)
    used = weights > 0
    rows, empty = _rows(X[used], names, codes[used], weights[used], labels)
    fit = core.climb(rows.unit, rows.codes, rows.weights, len(rows.labels))
    apart = None
    if not fit.at_top or np.abs(fit.beta).max() > SUSPICIOUS or _is_certain(rows, fit):
        apart = separating(rows)
    flags = {"ordinal-empty": empty, "ordinal-apart": apart, "ordinal-no-top": not fit.at_top and not apart}
    result = OrdinalResult(
        rows,
        fit,
        apart,
        level,
        n_given - len(rows.codes),
        empty,
        tuple(key for key, on in flags.items() if on),
    )
    if apart:
        warn("ordinal-separated", columns=", ".join(apart.columns), n=apart.n_apart, total=len(rows.codes))
    return result


def _rows(X, names, codes, weights, labels) -> tuple[Rows, tuple[str, ...]]:
    """What the fit needs, with the empty categories taken out and named."""
    there = np.bincount(codes, minlength=len(labels)) > 0
    empty = tuple(label for label, used in zip(labels, there, strict=True) if not used)
    labels = tuple(label for label, used in zip(labels, there, strict=True) if used)
    if len(labels) < 2:
        raise LearnerError("ordinal-one-category", label=", ".join(labels), n=len(codes))
    if len(labels) > MOST_CATEGORIES:
        raise LearnerError("ordinal-many-categories", n=len(labels), most=MOST_CATEGORIES)
    n, p = X.shape
    if not p:
        raise LearnerError("no-columns")
    if n <= p + len(labels) - 1:
        raise LearnerError("too-few-rows", n=n, k=p + len(labels) - 1, p=p)
    refuse_collinear(X, names)
    mean = X.mean(axis=0)
    mean = mean + (X - mean).mean(axis=0)
    top = np.abs(X - mean).max(axis=0)
    size = top * np.sqrt(np.square((X - mean) / top).mean(axis=0))
    codes = (np.cumsum(there) - 1)[codes]
    return Rows(X, (X - mean) / size, mean, size, codes, weights, names, labels), empty


def _is_certain(rows: Rows, fit: core.Climb) -> bool:
    """Whether anybody's own category has been given a probability of 1 up to 1e-8 or so."""
    p = core.probabilities(fit.theta, rows.unit @ fit.beta)
    return bool(p[np.arange(len(p)), rows.codes].max() > 1 - 1e-8)
