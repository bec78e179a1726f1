"""The penalised path of a logistic model: two classes, all penalties, each solution with its duality gap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rgteach.core.binomial_newton import Walk
from rgteach.core.binomial_ridge import ARRIVED, RidgeWalk
from rgteach.errors import LearnerError
from rgteach.models.penalised.path import PenalisedPath
from rgteach.models.penalised.problem import Problem

NEARLY = 0.999  # deviance ratio above which probabilities are all but 0 and 1; glmnet ends its path there
FEW = 8  # patients of a class, below which glmnet warns too
FAR = 15.0  # log-odds of the null model from which separation is looked for
ROUNDING = 1e-14


def binomial_path(problem: Problem, classes: tuple = (0, 1)) -> PenalisedPath:
    """Minimise Σ w_i (log(1 + exp(eta_i)) - y_i eta_i) / n plus the penalty, for every penalty of the grid.

    Parameters
    ----------
    problem : Problem
        With y 0 or 1.
    classes : tuple
        The labels that 0 and 1 stand for; they are kept in the path's settings.

    Raises
    ------
    LearnerError
        "binomial-one-class", "binomial-free-separation" (the unpenalised columns alone tell the classes
        apart, so their coefficients have no finite value), "nothing-to-explain".

    Notes
    -----
    scikit-learn's LogisticRegression, on columns that are standardised already, has C = 1 / (n lam); of its
    solvers "saga" leaves the intercept free as we do, "liblinear" penalises it.  glmnet's lambda and alpha
    are our lam and l1_ratio as they stand: only its gaussian family divides by sd(y).

    Separation by the penalised columns is no error: at every lam > 0 their coefficients are finite, and they
    grow as lam falls.  glmnet leaves its path where 99.9 % of the deviance are explained; we go on to the
    last penalty asked for, each solution with its gap, and raise the flag "binomial-nearly-separated".
    """
    flags = _check_classes(problem, classes)
    basis, triangle = np.linalg.qr(problem.fixed)
    columns, explained = _without(problem.columns, basis)
    walk_of = RidgeWalk if problem.l1_ratio == 0 else Walk
    walk = walk_of(columns, basis, problem.y, problem.weights / problem.weights.sum())
    _check_settled(walk, problem)
    lam, solutions = solve(walk, problem)
    q, losses = len(triangle), np.array([one.loss for one in solutions])
    beta, gamma = np.zeros((len(lam), columns.shape[1])), np.empty((len(lam), q))
    for k, one in enumerate(solutions):
        beta[k, one.active] = one.coef[q:]
        gamma[k] = one.coef[:q]
    gap = np.array([one.gap for one in solutions])
    found = {
        "lam": lam,
        "gap": gap,
        "relative_gap": gap / walk.null,
        "objective": np.array([one.objective for one in solutions]),
        "deviance_ratio": 1 - losses / walk.null,
    }
    flags += explained + (["binomial-nearly-separated"] if found["deviance_ratio"].max() > NEARLY else [])
    path = problem.finish("binomial", beta, np.linalg.solve(triangle, gamma.T).T, found, flags)
    return replace(path, settings=path.settings | {"classes": classes})


def solve(walk: Walk | RidgeWalk, problem: Problem) -> tuple[np.ndarray, list]:
    """The grid of penalties, and the solution at each of them."""
    slope = np.where(np.abs(walk.corr) > ROUNDING * walk.length, walk.corr, 0.0)
    _, grid = problem.grid(slope)
    return grid, [walk.solve(lam, problem.l1_ratio, problem.tol) for lam in grid]


def _check_classes(problem: Problem, classes: tuple) -> list[str]:
    """Two classes among the rows that count; a flag where one of them is small."""
    n_events, n = int(problem.y.sum()), len(problem.y)
    if n_events in (0, n):
        raise LearnerError("binomial-one-class", n=n, label=classes[int(n_events == n)])
    return ["binomial-few-events"] if min(n_events, n - n_events) < FEW else []


def _without(columns: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Zeros for a feature that the unpenalised columns (with an orthonormal basis) already contain."""
    if basis.shape[1] < 2:
        return columns, []
    length = np.square(columns).sum(axis=0)
    left = np.square(columns - basis @ (basis.T @ columns)).sum(axis=0)
    contained = (left <= 1e-20 * length) & (length > 0)
    if not contained.any():
        return columns, []
    return np.asfortranarray(np.where(contained, 0.0, columns)), ["path-explained-features"]


def _check_settled(walk: Walk | RidgeWalk, problem: Problem) -> None:
    """Ask whether the unpenalised columns alone separate the classes, where the null model ran far."""
    if walk.unsettled <= ARRIVED and np.abs(walk.eta).max() < FAR:
        return
    from rgteach.models.logistic.separation import find

    cut = find(problem.fixed, 2 * problem.y - 1)
    if cut is not None:
        raise LearnerError(
            "binomial-free-separation",
            names=", ".join(problem.names[j] for j in problem.unpenalised),
            n=int(cut.rows.sum()),
            total=len(problem.y),
        )
