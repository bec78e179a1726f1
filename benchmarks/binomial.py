"""Paths of L1-penalised logistic regression beside glmnet and celer: `python -m benchmarks.binomial`.

Each tool walks the same 70 penalties, from λmax to λmax/100, through the door its users take.  How exact its
answers are is found by one function for all, from the coefficients alone.
"""

from __future__ import annotations

import numpy as np

from benchmarks.harness import Row, as_text, race

N_LAM = 70
LAM_RATIO = 0.01
SIZES = ((200, 2_000), (500, 20_000))
PATIENT = 2_000  # features; with more celer takes minutes, and is left out


def study(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    """Features in twenty correlated families, ten of which move the odds of two classes."""
    rng = np.random.default_rng(0)
    families = rng.normal(size=(n, 20))
    X = np.sqrt(0.5) * (rng.normal(size=(n, p)) + families[:, np.arange(p) % 20])
    eta = X[:, :10] @ rng.normal(size=10)
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    return X, y


def worst_gap(X, y, lam, coef, intercept) -> float:
    """Largest duality gap of a path over the null model's objective; coefficients (k, p) for X as it stands.

    The penalty is on columns divided by their standard deviation.  The residuals y - p are moved to a sum of
    0, as a free intercept asks (along p (1 - p), as Newton's method would), and shrunk until no column has
    more than lam.  An intercept of None means that the tool has none; then the columns are taken as centred,
    and the null model is a log-odds of 0.
    """
    spread, n = X.std(axis=0), len(y)
    columns = (X - X.mean(axis=0)) / spread
    coef = coef * spread
    free = intercept is not None
    eta = columns @ coef.T + (intercept + (coef / spread) @ X.mean(axis=0) if free else 0.0)
    p = 1 / (1 + np.exp(-eta))
    theta, bend = (y[:, None] - p) / n, p * (1 - p)
    if free:
        theta -= bend * (theta.sum(axis=0) / bend.sum(axis=0))
    theta *= np.minimum(1.0, lam / np.abs(columns.T @ theta).max(axis=0))
    q = np.clip(np.where(y[:, None] > 0, theta, -theta) * n, 1e-300, 1.0)
    floor = -np.mean(q * np.log(q) + (1 - q) * np.log1p(-np.minimum(q, 1 - 1e-16)), axis=0)
    loss = np.mean(np.logaddexp(0, eta) - y[:, None] * eta, axis=0)
    share = y.mean() if free else 0.5
    null = -share * np.log(share) - (1 - share) * np.log(1 - share)
    return float(np.max(loss + lam * np.abs(coef).sum(axis=1) - floor) / null)


def tools(X, y) -> dict:
    """Name -> function without arguments that gives lam, coefficients (k, p) and intercepts (k,) or None."""
    from rgteach.models.penalised import lasso_path

    settings = {"family": "binomial", "n_lam": N_LAM, "lam_ratio": LAM_RATIO}

    def ours(tol):
        def walk():
            path = lasso_path(X, y, tol=tol, **settings)
            return path.lam, path.coef, path.intercept

        return walk

    found = {"rgteach, tol=1e-6": ours(1e-6), "rgteach, tol=1e-10": ours(1e-10)} | glmnet(X, y)
    return found | (celer(X, y) if X.shape[1] <= PATIENT else {})


def glmnet(X, y) -> dict:
    """python-glmnet, as it comes and with a threshold that makes it as exact as tol=1e-6 asks."""
    try:
        from glmnet import LogitNet
    except ImportError:
        print("python-glmnet is not installed: left out")
        return {}

    def walk(tol):
        settings = {"alpha": 1, "n_lambda": N_LAM, "min_lambda_ratio": LAM_RATIO, "n_splits": 0, "tol": tol}

        def fitted():
            fit = LogitNet(**settings).fit(X, y)
            return fit.lambda_path_, fit.coef_path_[0].T, fit.intercept_path_[0]

        return fitted

    return {"glmnet": walk(1e-7), "glmnet, tol=1e-11": walk(1e-11)}


def celer(X, y) -> dict:
    """Celer on standardised columns; it has no intercept, so it solves a neighbouring problem."""
    try:
        from celer import celer_path
    except ImportError:
        print("celer is not installed: left out")
        return {}
    spread = X.std(axis=0)
    columns = np.asfortranarray((X - X.mean(axis=0)) / spread)
    signs = 2 * y - 1
    top = np.abs(columns.T @ signs).max() / 2

    def walk():
        strengths = top * LAM_RATIO ** (np.arange(N_LAM) / (N_LAM - 1))
        lam, coef, _ = celer_path(columns, signs, pb="logreg", alphas=strengths, tol=1e-6)[:3]
        return lam / len(y), coef.T / spread, None

    return {"celer, tol=1e-6": walk}


def rows(rounds: int) -> list[Row]:
    found = []
    for n, p in SIZES:
        X, y = study(n, p)
        jobs = tools(X, y)
        told = [f"{name}: {worst_gap(X, y, *job()):.1e}" for name, job in jobs.items()]
        seconds = race(jobs, rounds if n < 500 else min(rounds, 3))
        wanted = {"glmnet": 1.0} if "glmnet" in jobs else {}
        work = f"L1-logistic path, {n} × {p:,}, {N_LAM} λ down to λmax/{1 / LAM_RATIO:.0f}"
        found.append(Row(work, seconds, wanted, "largest gap over the null objective: " + "; ".join(told)))
    return found


if __name__ == "__main__":
    print(as_text(rows(7)))
