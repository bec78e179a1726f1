"""The penalised path of a linear model: take out what is not penalised, walk the penalties, put it back."""

from __future__ import annotations

import numpy as np

from rgteach.core.exact import exact_path
from rgteach.core.lasso import duality_gap
from rgteach.errors import LearnerError
from rgteach.models.penalised.path import PenalisedPath
from rgteach.models.penalised.problem import Problem

MOST_PRODUCTS = 5_000  # features for which a table of all products, 200 MB, is made


def gaussian_path(problem: Problem) -> PenalisedPath:
    """Minimise 1/(2n) Σ w_i (y_i - fit_i)² plus the penalty, for every penalty of the grid."""
    columns, y, flags = projected(problem)
    lam_max, lam = problem.grid(columns.T @ y / len(y))
    if problem.l1_ratio == 0:
        support, beta, gap, squares = slice(None), *ridge(columns, y, lam)
    else:
        features, n = columns.T, len(y)
        known = 2 * len(features) <= n and len(features) <= MOST_PRODUCTS
        gram = features @ columns / n if known else None
        found = exact_path(features, y, *problem.penalties(lam), tol=problem.tol, gram=gram)
        support, beta, gap, squares = found.support, found.coef, found.gap, found.squares
        flags += twins(columns, y, support)
    null = y @ y / (2 * len(y))
    l1, l2 = problem.penalties(lam)
    penalty = l1 * np.abs(beta).sum(axis=1) + l2 / 2 * np.square(beta).sum(axis=1)
    found = {
        "lam": lam,
        "gap": gap,
        "relative_gap": gap / null,
        "objective": squares / 2 + penalty,
        "deviance_ratio": 1 - squares / (2 * null),
    }
    return problem.finish("gaussian", beta, fixed_part(problem, beta, support), found, flags, support)


def projected(problem: Problem) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Columns and outcome times the root of the weights, with everything unpenalised taken out of them.

    By Frisch, Waugh and Lovell the penalised coefficients are the same as in the whole problem.
    """
    root, flags = np.sqrt(problem.weights), []
    plain = np.all(problem.weights == problem.weights[0])
    columns = problem.columns if plain else np.asfortranarray(problem.columns * root[:, None])
    y, basis = problem.y * root, np.linalg.qr(problem.fixed * root[:, None])[0]
    before = np.abs(y).max()
    for _ in range(2):  # twice is enough: what rounding leaves the first time is gone
        y = y - basis @ (basis.T @ y)
    if np.abs(y).max() <= 1e-13 * before:
        raise LearnerError("nothing-left-to-explain", n=len(y), unpenalised=len(problem.unpenalised))
    if len(problem.unpenalised):
        length = np.sqrt(np.square(columns).sum(axis=0))
        for _ in range(2):
            columns = columns - basis @ (basis.T @ columns)
        gone = np.sqrt(np.square(columns).sum(axis=0)) <= 1e-10 * length
        if (gone & (length > 0)).any():
            flags.append("path-explained-features")
        columns[:, gone] = 0.0
    return np.asfortranarray(columns), y, flags


def ridge(columns, y, lam) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All ridge fits from one singular value decomposition: coefficients (k, m), gap (k,), mean squares (k,).

    With X = U diag(s) V', the coefficients are V diag(s / (s² + n lam)) U'y (Hoerl and Kennard 1970,
    doi:10.1080/00401706.1970.10488634).
    """
    n = len(y)
    left, sizes, right = np.linalg.svd(columns, full_matrices=False)
    along = left.T @ y
    beta = (sizes / (np.square(sizes) + n * lam[:, None]) * along) @ right
    residual = y[:, None] - columns @ beta.T
    gap = duality_gap(y, residual, columns.T @ residual / n, beta.T, np.zeros(len(lam)), lam)
    return beta, gap, np.square(residual).sum(axis=0) / n


def twins(columns, y, support) -> list[str]:
    """A flag if a chosen feature has a twin, equal or opposite to it once both are centred and scaled."""
    along = np.abs(y @ columns)
    order = np.argsort(along)
    close = np.flatnonzero(np.diff(along[order]) <= 1e-12 * along[order][-1])
    chosen = np.zeros(len(along), bool)
    chosen[support] = True
    for one, other in zip(order[close], order[close + 1], strict=True):
        if not (chosen[one] or chosen[other]):
            continue
        a, b = columns[:, one], columns[:, other]
        far = 1e-10 * np.abs(a).max()
        if np.abs(a - b).max() <= far or np.abs(a + b).max() <= far:
            return ["path-twins"]
    return []


def fixed_part(problem: Problem, beta, support) -> np.ndarray:
    """Coefficients (k, q) of intercept and unpenalised columns, given the penalised ones."""
    if problem.intercept and problem.fixed.shape[1] == 1:  # columns are centred: the mean is the intercept
        return np.full((len(beta), 1), problem.weights @ problem.y / len(problem.y))
    root = np.sqrt(problem.weights)[:, None]
    rest = problem.y[:, None] - problem.columns[:, support] @ beta.T
    return np.linalg.lstsq(problem.fixed * root, rest * root, rcond=None)[0].T
