"""Logistic regression beside statsmodels and scikit-learn: one fit, and one feature at a time."""

from __future__ import annotations

import warnings
from time import perf_counter

import numpy as np

from benchmarks.harness import Row, as_text, race

TURN_S = 0.03  # of everyone's turn, where one fit takes less: the first after a stranger finds cold caches
SAMPLE = 100  # of the univariate fits, for peers that would take minutes for all


def rows(rounds: int) -> list[Row]:
    """One fit of 200 patients and 5 columns, and 2,000 features by 100 genes."""
    return [single(rounds), firth(rounds), each(rounds), adjusted(rounds)]


def _cohort(n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, p))
    return X, (rng.random(n) < 1 / (1 + np.exp(0.3 - X[:, 0]))).astype(float)


def single(rounds: int) -> Row:
    """From columns as they are to coefficients, standard errors and p-values, through the public doors."""
    from rgteach.models.logistic import logistic

    X, y = _cohort(200, 5)

    def ours():
        fit = logistic(X, y)
        return fit.coef, fit.se, fit.p_value

    jobs = {"rgteach": ours}
    statsmodels = _statsmodels(X, y)
    if statsmodels:
        jobs["statsmodels"] = statsmodels
    scikit = _scikit(X, y)
    if scikit:
        jobs["scikit-learn"] = scikit
    notes = "coefficients only from scikit-learn; " if scikit else "scikit-learn is missing; "
    if statsmodels:
        theirs = statsmodels()
        apart = max(np.max(np.abs(a - b[1:]) / np.abs(b[1:])) for a, b in zip(ours(), theirs, strict=True))
        notes += f"largest relative difference from statsmodels {apart:.0e}"
    wanted = {"statsmodels": 8.0} if statsmodels else {}
    return Row("one fit, 200 × 5, coef + se + p", _race_repeated(jobs, 4 * rounds), wanted, notes)


def _race_repeated(jobs: dict, rounds: int) -> dict[str, float]:
    """Seconds of one call, of turns that take everyone about as long."""
    counts = {name: max(1, round(TURN_S / _seconds_of(job))) for name, job in jobs.items()}

    def often(name):
        return lambda: [jobs[name]() for _ in range(counts[name])]

    return {name: s / counts[name] for name, s in race({name: often(name) for name in jobs}, rounds).items()}


def _seconds_of(job) -> float:
    """Of the fastest of a few calls."""
    times = []
    for _ in range(5):
        began = perf_counter()
        job()
        times.append(perf_counter() - began)
    return min(times)


def firth(rounds: int) -> Row:
    """Firth's fit has no peer in Python; its price beside maximum likelihood."""
    from rgteach.models.logistic import logistic

    X, y = _cohort(200, 5)
    jobs = {
        "Firth": lambda: logistic(X, y, method="firth").p_value,
        "maximum likelihood": lambda: logistic(X, y).p_value,
    }
    return Row("Firth's fit, 200 × 5", _race_repeated(jobs, rounds), {}, "no peer in Python")


def each(rounds: int, n_features: int = 2000, n_genes: int = 100) -> Row:
    """All pairs of a feature and a gene; seconds of one fit, the peer's from a sample of fits."""
    from rgteach.models.logistic import logistic_each

    features, genes = _tables(n_features, n_genes)
    n = n_features * n_genes

    def ours():
        result = logistic_each(features, genes)
        return result.coef, result.se, result.p_value, result.p_lr

    sample = _sampled(features, genes, None)
    jobs = {"rgteach": ours} | ({"statsmodels": sample} if sample else {})
    seconds = race(jobs, rounds)
    per_fit = {"rgteach": seconds["rgteach"] / n}
    notes = f"seconds of one fit of {n:,}, 200 patients"
    if sample:
        per_fit["statsmodels"] = seconds["statsmodels"] / SAMPLE
        notes += f"; statsmodels timed on {SAMPLE} of them and scaled"
    wanted = {"statsmodels": 100.0} if sample else {}
    return Row(f"{n_features:,} features × {n_genes} genes, one at a time", per_fit, wanted, notes)


def adjusted(rounds: int, n_features: int = 500, n_genes: int = 4) -> Row:
    """The same with two covariates in every fit."""
    from rgteach.models.logistic import logistic_each

    features, genes = _tables(n_features, n_genes)
    covariates = np.random.default_rng(2).normal(size=(len(features), 2))
    sample = _sampled(features, genes, covariates)
    jobs = {"rgteach": lambda: logistic_each(features, genes, covariates=covariates).p_lr}
    seconds = race(jobs | ({"statsmodels": sample} if sample else {}), rounds)
    per_fit = {"rgteach": seconds["rgteach"] / (n_features * n_genes)}
    if sample:
        per_fit["statsmodels"] = seconds["statsmodels"] / SAMPLE
    return Row("the same with two covariates", per_fit, {}, "seconds of one fit")


def _tables(n_features: int, n_genes: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(200, n_features))
    return features, (rng.random((200, n_genes)) < rng.uniform(0.1, 0.5, n_genes)).astype(float)


def _statsmodels(X: np.ndarray, y: np.ndarray):
    try:
        import statsmodels.api as sm
    except ImportError:
        return None

    def job():
        fit = sm.Logit(y, sm.add_constant(X)).fit(disp=0)
        return fit.params, fit.bse, fit.pvalues

    return job


def _scikit(X: np.ndarray, y: np.ndarray):
    try:
        import sklearn
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        return None
    # without its penalty, which newer versions write as C=inf
    new = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 8)
    settings = {"C": np.inf} if new else {"penalty": None}

    def job():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return LogisticRegression(**settings, tol=1e-8).fit(X, y).coef_

    return job


def _sampled(features: np.ndarray, genes: np.ndarray, covariates: np.ndarray | None):
    """Fits of statsmodels for a sample of the pairs, with the likelihood-ratio test against its own null."""
    try:
        import statsmodels.api as sm
    except ImportError:
        return None
    rng = np.random.default_rng(3)
    pairs = [(rng.integers(features.shape[1]), rng.integers(genes.shape[1])) for _ in range(SAMPLE)]

    def job():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for j, g in pairs:
                x = features[:, j] if covariates is None else np.column_stack([covariates, features[:, j]])
                fit = sm.Logit(genes[:, g], sm.add_constant(x)).fit(disp=0)
                _ = fit.params, fit.bse, fit.pvalues, fit.llr_pvalue

    return job


if __name__ == "__main__":
    print(as_text(rows(5)))
