"""The penalised path of a linear model: project, walk the penalties, put the rest back."""

from __future__ import annotations

import numpy as np

from rgteach.core.lasso import coordinate_descent, duality_gap
from rgteach.errors import LearnerError
from rgteach.models.path import PenalisedPath
from rgteach.models.problem import Problem


def gaussian_path(problem: Problem) -> PenalisedPath:
    """Minimise 1/(2n) Σ w_i (y_i - fit_i)² plus the penalty, for every penalty of the grid."""
    columns, y, explained = projected(problem)
    lam_max, lam = problem.grid(columns.T @ y / len(y))
    l1, l2 = problem.penalties(lam)
    beta = np.zeros((len(lam), columns.shape[1]))
    features, coef = np.ascontiguousarray(columns.T), np.zeros(columns.shape[1])
    for k in range(len(lam)):
        if lam[k] < lam_max or problem.l1_ratio == 0:
            coef, _, _ = coordinate_descent(features, y, l1[k], l2[k], coef, tol=problem.tol / 2)
        beta[k] = coef
    found = measured(columns, y, beta, lam, l1, l2)
    return problem.finish("gaussian", beta, fixed_part(problem, beta), found, explained)


def projected(problem: Problem) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Columns and outcome times the root of the weights, with everything unpenalised taken out of them.

    By Frisch, Waugh and Lovell the penalised coefficients are the same as in the whole problem.
    """
    root = np.sqrt(problem.weights)
    plain = np.all(problem.weights == 1)
    columns = problem.columns if plain else np.asfortranarray(problem.columns * root[:, None])
    y, fixed, flags = problem.y * root, problem.fixed * root[:, None], []
    basis = np.linalg.qr(fixed)[0]
    before = np.abs(y).max()
    y = y - basis @ (basis.T @ y)
    y = y - basis @ (basis.T @ y)  # twice is enough: what the first pass left by rounding is gone
    if np.abs(y).max() <= 1e-13 * before:
        raise LearnerError("nothing-left-to-explain", n=len(y), unpenalised=len(problem.unpenalised))
    if len(problem.unpenalised):
        length = np.sqrt(np.square(columns).sum(axis=0))
        for _ in range(2):
            columns = columns - basis @ (basis.T @ columns)
        gone = np.sqrt(np.square(columns).sum(axis=0)) <= 1e-10 * length
        if (gone & (length > 0)).any():
            flags.append("path-explained-features")
        columns = np.asfortranarray(np.where(gone, 0.0, columns))
    return columns, y, flags


def measured(columns, y, beta, lam, l1, l2) -> dict[str, np.ndarray]:
    """Gap, objective and deviance of every solution, from the table itself and over all features."""
    n = len(y)
    residual = y[:, None] - columns @ beta.T
    null = y @ y / (2 * n)
    squares = np.square(residual).sum(axis=0) / (2 * n)
    gap = duality_gap(y, residual, columns.T @ residual / n, beta.T, l1, l2)
    penalty = l1 * np.abs(beta).sum(axis=1) + l2 / 2 * np.square(beta).sum(axis=1)
    return {
        "lam": lam,
        "gap": gap,
        "relative_gap": gap / null,
        "objective": squares + penalty,
        "deviance_ratio": 1 - squares / null,
    }


def fixed_part(problem: Problem, beta: np.ndarray) -> np.ndarray:
    """Coefficients (k, q) of intercept and unpenalised columns, given the penalised ones."""
    root = np.sqrt(problem.weights)[:, None]
    rest = problem.y[:, None] - problem.columns @ beta.T
    return np.linalg.lstsq(problem.fixed * root, rest * root, rcond=None)[0].T
