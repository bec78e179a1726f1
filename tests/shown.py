"""One of everything that shows itself as HTML, small and quick to make."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import rgteach as rg

PACKAGE = Path(rg.__file__).parent


def shown_by_themselves() -> set[str]:
    """The classes of the package that have `_repr_html_`."""
    return {
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(part, ast.FunctionDef) and part.name == "_repr_html_" for part in node.body)
    }


def results() -> Iterator[object]:
    """Results of the science, one of each kind, as a student meets them as the last line of a cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rg.LearnerWarning)
        yield from _images()
        yield from _tests()
        yield from _models()
        yield from _cohorts()


@cache
def _tumour():
    patient = rg.cohorts.glioma(seed=1, size="small").crop
    return patient, rg.voi(patient.image("FLAIR"), patient.tumour, patient.spacing_mm)


def _images() -> Iterator[object]:
    patient, voi = _tumour()
    levels = rg.quantise(voi, bin_count=16)
    yield from (patient, voi, levels, rg.glcm(levels), rg.firstorder(voi), rg.features(rg.glcm(levels)))
    yield rg.extract(patient.image("FLAIR"), patient.tumour, bin_count=16)


def _tests() -> Iterator[object]:
    rng = np.random.default_rng(0)
    p_values = np.r_[rng.uniform(size=40), rng.uniform(0, 1e-4, 10)]
    yield rg.wilcoxon([4.0, 5.0, 6.5], [1.0, 2.0, 3.0, 5.5])
    yield rg.chi_square([[10, 20], [30, 40]])
    yield rg.kruskal([1, 2, 3], [4, 5, 6], [7, 8, 9])
    yield rg.discoveries(p_values)
    yield rg.q_values(p_values)
    from rgteach.stats.error_rates import error_rates

    yield error_rates(n_tests=20, n_effects=5, repetitions=20)
    study = rg.cohorts.study(40, 16, 2, seed=1)
    features = pd.DataFrame(study.features, columns=study.feature_names)
    genes = pd.DataFrame(study.genes, columns=study.gene_names)
    found = rg.scan(features, genes)
    yield from (found, found.joined, found.result)


def _models() -> Iterator[object]:
    from rgteach.models.linear import compare

    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 6))
    y = X[:, 1] - X[:, 4] + rng.normal(size=60)
    small, large = rg.linear(X[:, :1], y), rg.linear(X, y)
    yield from (large, compare(small, large), rg.logistic(X[:, :2], y > 0), rg.logistic_each(X, y > 0))
    grades = rg.ordinal(X[:, :1], np.digitize(y, (-1, 1)))
    yield from (grades, grades.brant())
    path = rg.lasso_path(X, y)
    yield from (path, path.at(path.lam[3]), rg.lasso_cv(X, y, folds=3), rg.stability_selection(X, y, pairs=5))


def _cohorts() -> Iterator[object]:
    yield from (rg.cohorts.study(40, 16, 2, seed=1), rg.cohorts.real("breast"))
    yield from (rg.cohorts.brain(), rg.cohorts.ct_small(), rg.demo())
