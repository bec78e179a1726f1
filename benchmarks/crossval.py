"""Choosing λ by ten folds beside glmnet and scikit-learn: `python -m benchmarks.crossval`.

Each tool fits 100 penalties from λmax to λmax/100 to all patients and to ten training parts, through the door
its users take.  How exact the fits behind the errors are is found from the errors of the same folds, computed
once more with the gap far below any tolerance; glmnet deals its own folds and can only be timed.
"""

from __future__ import annotations

import numpy as np

from benchmarks.harness import Row, as_text, race

N_LAM = 100
LAM_RATIO = 0.01
SIZES = ((200, 2_000), (839, 200))  # image features of few patients; many patients and a panel of features
PAIRS = 50


def study(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    """Features in twenty correlated families, ten of which move the outcome; standardised already."""
    rng = np.random.default_rng(0)
    families = rng.normal(size=(n, 20))
    X = rng.normal(size=(n, p)) + families[:, np.arange(p) % 20]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X, X[:, :10] @ rng.normal(size=10) + 2 * rng.normal(size=n)


def tools(X: np.ndarray, y: np.ndarray, found: dict) -> dict:
    """Name -> function without arguments; what ours and scikit-learn's give is kept in `found`."""
    from sklearn.linear_model import LassoCV
    from sklearn.model_selection import KFold

    from rgteach.models.validation import lasso_cv

    folds = KFold(10, shuffle=True, random_state=0)

    def ours():
        found["rgteach"] = lasso_cv(X, y, folds=folds, n_lam=N_LAM, lam_ratio=LAM_RATIO)

    def theirs():  # scaled once, before the folds: its users would need a Pipeline around a loop over λ
        alphas = found["rgteach"].lam
        found["scikit-learn"] = LassoCV(alphas=alphas, cv=folds, n_jobs=1, max_iter=100_000).fit(X, y)

    return {"rgteach": ours} | glmnet(X, y) | {"LassoCV": theirs}


def glmnet(X: np.ndarray, y: np.ndarray) -> dict:
    """python-glmnet's own cross-validation, as it comes."""
    try:
        from glmnet import ElasticNet
    except ImportError:
        print("python-glmnet is not installed: left out")
        return {}
    how = {"n_splits": 10, "n_lambda": N_LAM, "min_lambda_ratio": LAM_RATIO, "n_jobs": 1}
    return {"glmnet": lambda: ElasticNet(**how, random_state=0).fit(X, y)}


def exactness(X: np.ndarray, y: np.ndarray, found: dict) -> str:
    """How far the held-out errors of LassoCV are from ours, and whether both choose the same λ.

    LassoCV scales before the folds, so it is compared with ours for columns as they are.
    """
    from rgteach.models.validation import lasso_cv

    ours, theirs = found["rgteach"], found["scikit-learn"]
    pairs = [(fold.train, fold.test) for fold in ours.folds]
    plain = lasso_cv(X, y, folds=pairs, lam=ours.lam, standardise=False)
    off = np.max(np.abs(theirs.mse_path_.T / plain.fold_error - 1))
    return (
        f"ours: relative gap {ours.path.relative_gap.max():.0e}, λ of the smallest error {ours.lam_min:.3g}; "
        f"LassoCV: λ = {theirs.alpha_:.3g}, errors off by up to {off:.0e}"
    )


def halves(rounds: int) -> Row:
    """Stability selection; no peer in Python draws complementary halves."""
    from rgteach.models.validation import stability_selection

    X, y = study(*SIZES[0])
    found = {}

    def ours():
        found["it"] = stability_selection(X, y, pairs=PAIRS)

    seconds = race({"rgteach": ours}, rounds)
    notes = f"q = {found['it'].q}, {len(found['it'].selected)} selected, bound {found['it'].bound:.2f}"
    return Row(f"stability selection, {2 * PAIRS} halves of (200, 2,000)", seconds, notes=notes)


def rows(rounds: int = 5) -> list[Row]:
    made = []
    for n, p in SIZES:
        X, y = study(n, p)
        found: dict = {}
        seconds = race(tools(X, y, found), rounds)
        work = f"10-fold CV of the lasso path, {N_LAM} λ, ({n}, {p:,})"
        made.append(Row(work, seconds, notes=exactness(X, y, found)))
    return [*made, halves(rounds)]


if __name__ == "__main__":
    print(as_text(rows()))
