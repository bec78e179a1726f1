"""Time whole lasso paths beside python-glmnet, celer and scikit-learn: `python -m benchmarks.lasso`.

100 penalties from λmax to λmax/100.  Every tool is given X and y as they are measured and standardises them
itself or in its job.  The notes hold the worst duality gap of each tool's own answer, computed by one
function over all features and divided by the objective of the null model: speed counts only beside accuracy.
"apart": independent features; "together": blocks of 25 that correlate at 0.8, as radiomic ones do.
"""

from __future__ import annotations

import argparse
import warnings

import numpy as np

from benchmarks.harness import Row, as_text, race
from rgteach.core.lasso import duality_gap
from rgteach.models.penalised import lasso_path

N_LAM, SHARE = 100, 0.01
SLOW_CELLS = 1_000_000  # tables from here on leave out the tools that take seconds


def cohort(n, p, together, seed=0):
    """Features, and an outcome of which 20 of them explain four fifths."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    if together:
        blocks = np.arange(p) // 25
        X = np.sqrt(0.8) * rng.normal(size=(n, blocks[-1] + 1))[:, blocks] + np.sqrt(0.2) * X
    effect = np.zeros(p)
    effect[rng.choice(p, 20, replace=False)] = rng.normal(size=20)
    signal = X @ effect
    return X, signal + rng.normal(size=n) * signal.std() / 2


def standardised(X, y):
    Z = np.asfortranarray(X - X.mean(axis=0))
    Z /= Z.std(axis=0)
    return Z, y - y.mean()


def grid(X, y):
    Z, z = standardised(X, y)
    return np.abs(Z.T @ z).max() / len(y) * SHARE ** (np.arange(N_LAM) / (N_LAM - 1))


def rgteach(X, y):
    return lasso_path(X, y, n_lam=N_LAM, lam_ratio=SHARE)


def glmnet(X, y, **settings):
    from glmnet import ElasticNet

    return ElasticNet(alpha=1, n_lambda=N_LAM, min_lambda_ratio=SHARE, n_splits=0, **settings).fit(X, y)


def sklearn(X, y, tol, gram):
    from sklearn.linear_model import lasso_path as path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a gap that is still open after the last iteration
        return path(
            *standardised(X, y),
            precompute=gram,
            alphas=grid(X, y),
            tol=tol,
            max_iter=20_000,
            check_input=False,
        )


def celer(X, y, tol):
    from celer import celer_path

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return celer_path(*standardised(X, y), pb="lasso", alphas=grid(X, y), tol=tol)


def coefficients(tool, answer, X):
    """Penalties (k,) and coefficients (p, k) for standardised columns, whatever the tool calls them."""
    spread = X.std(axis=0)[:, None]
    if tool == "rgteach":
        return answer.lam, answer.coef.T * spread
    if tool.startswith("glmnet"):
        return answer.lambda_path_, answer.coef_path_ * spread
    return answer[0], answer[1]


def worst_gap(tool, answer, X, y):
    """The largest duality gap on the path, over the objective of the null model."""
    lam, coef = coefficients(tool, answer, X)
    Z, z = standardised(X, y)
    residual = z[:, None] - Z @ coef
    gap = duality_gap(z, residual, Z.T @ residual / len(z), coef, lam, np.zeros(len(lam)))
    return gap.max() / (z @ z / 2 / len(z))


def present(jobs, answers):
    """The jobs whose tool is installed; their first answers are kept for the gaps."""
    found = {}
    for tool, job in jobs.items():
        try:
            answers[tool] = job()
            found[tool] = job
        except ImportError:
            print(f"{tool}: not installed, left out")
    return found


def row(n, p, together, rounds) -> Row:
    X, y = cohort(n, p, together)
    jobs = {"rgteach": lambda: rgteach(X, y), "glmnet": lambda: glmnet(X, y)}
    wanted = {"glmnet": 1.0}
    if n > p:
        jobs["scikit-learn, Gram, tol 1e-10"] = lambda: sklearn(X, y, 1e-10, True)
        jobs["scikit-learn, Gram, tol 1e-4"] = lambda: sklearn(X, y, 1e-4, True)
        wanted["scikit-learn, Gram, tol 1e-10"] = 1 / 1.3
    elif n * p < SLOW_CELLS:
        jobs["glmnet, thresh 1e-12"] = lambda: glmnet(X, y, tol=1e-12)
        jobs["celer, tol 1e-10"] = lambda: celer(X, y, 1e-10)
        jobs["scikit-learn, tol 1e-10"] = lambda: sklearn(X, y, 1e-10, False)
    answers = {}
    jobs = present(jobs, answers)
    seconds = race(jobs, rounds)
    gaps = "; ".join(f"{tool} {worst_gap(tool, answer, X, y):.1e}" for tool, answer in answers.items())
    kind = "together" if together else "apart"
    return Row(
        f"lasso, n = {n:,}, p = {p:,}, {kind}",
        seconds,
        {tool: aim for tool, aim in wanted.items() if tool in seconds},
        f"worst gap / null objective (ours is to be at most 1e-10): {gaps}",
    )


def rows(rounds: int) -> list[Row]:
    shapes = ((200, 2_000), (500, 20_000), (5_000, 500))
    return [row(n, p, together, rounds) for n, p in shapes for together in (False, True)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    print(as_text(rows(parser.parse_args().rounds)))
