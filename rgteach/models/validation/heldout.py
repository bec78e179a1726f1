"""How wrong predictions are for patients who were held out, and how sure the mean over folds is."""

from __future__ import annotations

import numpy as np

MEASURES = {"gaussian": ("mse", "mae"), "binomial": ("deviance", "misclassification", "auc")}


def losses(eta: np.ndarray, y: np.ndarray, measure: str) -> np.ndarray:
    """Loss of each patient at each penalty.

    eta     : (n, k) linear predictors;  y : (n,) the outcome, 0 or 1 for the binomial measures.
    returns : (n, k).  "mse": (y − η)², "mae": |y − η|, "deviance": −2 log-likelihood = 2 (log(1 + e^η) − y η)
              without clipping (glmnet holds probabilities away from 0 and 1 by 1e-5), "misclassification":
              1 where the side of η = 0 is the wrong one; η = 0 itself is taken for class 0.
    """
    y = y[:, None]
    if measure == "mse":
        return (y - eta) ** 2
    if measure == "mae":
        return np.abs(y - eta)
    if measure == "deviance":
        return 2 * (np.logaddexp(0, eta) - y * eta)
    return ((eta > 0) != (y > 0)).astype(float)


def fold_error(eta: np.ndarray, y: np.ndarray, measure: str, weights: np.ndarray) -> np.ndarray:
    """The error of one fold at each penalty, (k,): the weighted mean loss, or 1 − AUC.

    NaN where there is none: AUC of a single class, or all weights zero.
    """
    if not weights.any():
        return np.full(eta.shape[1], np.nan)
    if measure == "auc":
        return np.array([1 - auc(column, y, weights) for column in eta.T])
    return np.average(losses(eta, y, measure), axis=0, weights=weights)


def auc(scores: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """Weighted share of pairs (one of class 1, one of class 0) in the right order; a tie counts half."""
    order = np.argsort(scores[y == 0], kind="stable")
    low, weight = scores[y == 0][order], weights[y == 0][order]
    below = np.concatenate([[0.0], np.cumsum(weight)])
    high, of_high = scores[y == 1], weights[y == 1]
    pairs = of_high.sum() * weight.sum()
    if not pairs:
        return np.nan
    right = below[np.searchsorted(low, high, "left")] + below[np.searchsorted(low, high, "right")]
    return float(of_high @ right / (2 * pairs))


def mean_and_se(errors: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean error over the folds, and its standard error.

    errors  : (folds, k), a row of NaN where a fold has no error;  sizes : (folds,) their summed weights.
    returns : m = Σ s_f e_f / Σ s_f  and  √( Σ s_f (e_f − m)² / Σ s_f / (F − 1) ), as in glmnet; F counts the
              folds that have an error.

    The folds share most of their training patients, so their errors are not independent and this standard
    error is too small rather than too large (Bengio and Grandvalet 2004, J. Mach. Learn. Res. 5:1089).
    """
    kept = ~np.isnan(errors).any(axis=1) & (sizes > 0)
    errors, share = errors[kept], sizes[kept] / sizes[kept].sum()
    mean = share @ errors
    return mean, np.sqrt(share @ (errors - mean) ** 2 / max(len(errors) - 1, 1))


def one_se(lam: np.ndarray, mean: np.ndarray, se: np.ndarray) -> tuple[int, int]:
    """Places of the λ with the smallest mean error, and of the largest λ within one SE of it.

    lam : (k,) descending.  Of equal errors the one with the larger λ, the sparser model, is taken.

    >>> one_se(np.array([4., 2., 1., .5]), np.array([9., 5., 4., 6.]), np.array([1., 1., 1., 1.]))
    (2, 1)
    """
    best = int(np.argmin(mean))
    return best, int(np.flatnonzero(mean <= mean[best] + se[best])[0])
