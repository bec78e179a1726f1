"""One small call of every part of the core, so that each kernel is compiled with the types it will meet."""

from __future__ import annotations

import time

import numpy as np


def warm_up() -> float:
    """Compile every kernel once, so that the first lesson does not wait; returns the seconds it took."""
    began = time.perf_counter()
    for part in (_features, _association, _gene_scan, _multiplicity, _logistic, _penalised):
        part()
    return time.perf_counter() - began


def _features() -> None:
    from rgteach.image.extract import extract

    whole = np.arange(5 * 6 * 7, dtype=np.int16).reshape(5, 6, 7) % 11
    inside = np.ones(whole.shape, bool)
    for image in (whole, whole + 0.5):
        for aggregation in ("3d-averaged", "2.5d-merged"):
            extract(image, inside, bin_count=8, aggregation=aggregation)


def _association() -> None:
    from rgteach.stats.association import wilcoxon

    wilcoxon([1.0, 2.0, 3.0], [4.0, 5.0])  # counted without ties
    wilcoxon([1.0, 2.0, 2.0], [2.0, 5.0])  # and with


def _gene_scan() -> None:
    from rgteach.core.pairsums import pair_sums
    from rgteach.stats.scan import scan

    features = np.arange(24.0).reshape(8, 3) % 7
    genes = np.array([[k % 2, k % 3, k % 5 + 0.5] for k in range(8)])
    scan(features, genes, threads=1)
    scan(features, genes, output="hits", permutations=19, threads=1)
    levels = np.zeros((1, 8), np.int32)
    pair_sums(levels, levels, levels, levels, np.empty((4, 1, 1)))


def _multiplicity() -> None:
    from rgteach.core import fdr

    ordered, adjusted = np.array([0.25, 0.5]), np.empty(2)
    fdr.step_up(ordered, 2, 1.0, adjusted)
    fdr.put_back(ordered, ordered, adjusted)


def _logistic() -> None:
    from rgteach.models.logistic import logistic, logistic_each

    x, y = np.array([1.0, 2.0, 2.5, 3.0, 4.0, 5.0]), np.array([0, 1, 0, 1, 0, 1])
    for method in ("ml", "firth"):
        logistic(x, y, method=method)
    for covariates in (None, x**2):
        logistic_each(np.column_stack([x, np.sqrt(x)]), y, covariates=covariates)


def _penalised() -> None:
    from rgteach.core.binomial import coordinate_newton
    from rgteach.core.lasso import coordinate_descent
    from rgteach.models.penalised import lasso_path

    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [2.0, 1.0, 3.0]])
    lasso_path(X, X[:, 2] + X[:, 0] ** 2, n_lam=5)
    coordinate_descent(X.T.copy(), X[:, 0] - X[:, 1], 0.1, 0.0, np.zeros(3))
    coordinate_newton(np.asfortranarray(X), X[:, 0].clip(0, 1), np.full(4, 0.25), X[0], X[0], np.zeros(3))
    lasso_path(X, [0, 1, 0, 1], family="binomial", n_lam=5)
