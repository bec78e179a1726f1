"""Fits of one feature each: the numbers of a single fit for whole tables, or a reason why there is none."""

import csv
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import rgteach
from rgteach import LearnerError, LearnerWarning
from rgteach.models.logistic import logistic, logistic_each


def made(seed=0, n=80, f=12, g=3, gaps=0.05):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, f)) * 10.0 ** rng.integers(-3, 4, f) + rng.integers(0, 2, f) * 1e6
    genes = (rng.random((n, g)) < [0.15, 0.4, 0.6][:g]).astype(float)
    features[rng.random((n, f)) < gaps] = np.nan
    genes[rng.random((n, g)) < gaps] = np.nan
    return features, genes


def single(columns, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LearnerWarning)
        return logistic(columns, y, missing="drop")


@pytest.mark.parametrize("c", [0, 2], ids=["alone", "with covariates"])
@pytest.mark.parametrize("seed", [0, 1])
def test_each__equals_a_single_fit(seed, c):
    features, genes = made(seed)
    covariates = np.random.default_rng(9).normal(size=(80, c)) if c else None
    result = logistic_each(features, genes, covariates=covariates)
    assert result.coef.shape == (12, 3)
    for j in range(12):
        for g in range(3):
            columns = features[:, [j]] if c == 0 else np.column_stack([covariates, features[:, j]])
            fit = single(columns, genes[:, g])
            assert fit.separation is None
            assert result.coef[j, g] == pytest.approx(fit.coef[-1], rel=1e-10)
            assert result.se[j, g] == pytest.approx(fit.se[-1], rel=1e-10)
            assert result.p_value[j, g] == pytest.approx(fit.p_value[-1], rel=1e-9)
            assert result.lr_statistic[j, g] == pytest.approx(fit.lr_statistic[-1], rel=1e-9, abs=1e-12)
            assert (result.n[j, g], result.n_events[j, g]) == (fit.n, fit.n_events)
    assert not result.state.any()


def test_each__agrees_with_statsmodels():
    features, genes = made(2, gaps=0)
    result = logistic_each(features, genes)
    for j in range(12):
        x = (features[:, j] - features[:, j].mean()) / features[:, j].std()
        theirs = sm.Logit(genes[:, 1], sm.add_constant(x)).fit(disp=0, tol=1e-14)
        assert result.coef[j, 1] * features[:, j].std() == pytest.approx(theirs.params[1], rel=1e-8)
        assert result.p_value[j, 1] == pytest.approx(theirs.pvalues[1], rel=1e-8)
        assert result.p_lr[j, 1] == pytest.approx(theirs.llr_pvalue, rel=1e-7)


@pytest.mark.parametrize("c", [0, 1], ids=["alone", "with covariates"])
def test_each__separated_features_as_in_a_single_fit(c):
    rng = np.random.default_rng(3)
    n = 40
    y = (np.arange(n) % 2).astype(float)
    touching = np.where(y == 1, np.abs(rng.normal(size=n)), -np.abs(rng.normal(size=n)))
    touching[[0, 1, 3]] = 0.0  # a tie on the cut: quasi-complete
    rare = np.zeros(n)
    rare[[1, 5]] = 1.0  # two carriers, both events
    features = np.column_stack([y + 0.1 * rng.random(n), -touching, rare, rng.normal(size=n)])
    covariates = rng.normal(size=(n, 1)) if c else None
    result = logistic_each(features, y, covariates=covariates)
    for j in range(4):
        fit = single(features[:, [j]] if c == 0 else np.column_stack([covariates, features[:, j]]), y)
        assert np.array_equal(result.coef[j], fit.coef[-1]) or result.coef[j] == pytest.approx(fit.coef[-1])
        assert np.isnan(result.se[j]) == np.isnan(fit.se[-1])
        assert result.p_lr[j] == pytest.approx(fit.p_lr[-1], rel=1e-7)
    assert result.is_separated.tolist() == [True, True, True, False]
    assert "without an error" in result.reason(0)
    assert "a part of the patients" in result.reason(2)
    if not c:  # a covariate may break the tie on the cut
        assert "a part of the patients" in result.reason(1)
    assert result.reason(3) == ""


def test_each__what_cannot_be_fitted_gets_a_reason():
    features, genes = made(4, gaps=0)
    features[:, 0] = 7e8 + 0.1
    features[:, 1] = np.nan
    features[5:, 2] = np.nan
    features[:5, 2] = 3.0
    genes[:, 0], genes[:, 2] = 0.0, 1.0  # nobody carries it, everybody carries it
    for covariates in (None, features[:, [11]]):
        result = logistic_each(features, genes, covariates=covariates)
        assert np.all(np.isnan(result.coef[:3]))
        assert np.all(np.isnan(result.p_lr[:3]))
        assert "same in all patients" in result.reason(0, 1)
        assert "same outcome" in result.reason(5, 0)
        assert "same outcome" in result.reason(5, 2)
        assert np.all(np.isnan(result.coef[:, [0, 2]]))
        assert np.all(np.isfinite(result.coef[3:11, 1]))
        assert (result.n[1, 1], result.n[2, 1]) == (0, 5)
    assert "covariates" in result.reason(11, 1)  # the feature is the covariate itself


def test_each__covariates_that_separate_a_gene_say_so():
    features, genes = made(5, gaps=0)
    result = logistic_each(features, genes, covariates=genes[:, [1]])
    assert set(result.state[:, 1]) == {10}
    assert "covariates alone" in result.reason(0, 1)
    assert np.all(np.isnan(result.p_lr[:, 1]))
    assert np.all(np.isfinite(result.p_lr[:, 0]))
    assert np.all(result.n[:, 1] == 80)


def test_each__one_missing_value_touches_one_fit():
    features, genes = made(6, gaps=0)
    whole = logistic_each(features, genes)
    features[3, 4] = np.nan
    holed = logistic_each(features, genes)
    changed = np.any(holed.coef != whole.coef, axis=1)
    assert np.flatnonzero(changed).tolist() == [4]
    assert np.all(holed.n[4] == 79)


def test_each__a_column_of_labels_and_a_table_of_two_numbers():
    features, genes = made(7, gaps=0)
    flat = logistic_each(features, genes[:, 0])
    assert flat.coef.shape == (12,)
    labels = np.where(genes[:, 0] == 1, "mutant", "wild type")
    assert np.array_equal(logistic_each(features, labels, event="mutant").coef, flat.coef)
    assert np.allclose(logistic_each(features, labels).coef, -flat.coef, rtol=1e-12)
    assert np.array_equal(logistic_each(features, genes + 1).coef, logistic_each(features, genes).coef)
    assert np.array_equal(flat.coef, logistic_each(features, genes).coef[:, 0])


def test_each__names_top_and_views():
    features, genes = made(8)
    features[:, 3] = np.where(genes[:, 1] == 1, 5.0, -5.0)  # repeats the second gene
    features = pd.DataFrame(features, columns=[f"feature_{j}" for j in range(12)])
    genes = pd.DataFrame(genes, columns=["IDH1", "TP53", "ATRX"])
    result = logistic_each(features, genes)
    best = result.top(4)
    assert (best[0].feature, best[0].outcome) == ("feature_3", "TP53")
    assert (best[0].coef, best[0].note) == (np.inf, "each-complete")
    assert [pair.p_lr for pair in best] == sorted(pair.p_lr for pair in best)
    j, g = int(best[1].feature[8:]), list(genes).index(best[1].outcome)
    assert best[1].p_lr == result.p_lr[j, g]
    assert (best[1].low, best[1].high) == tuple(result.interval()[j, g])
    for lang, word in (("en", "complete separation"), ("zh", "完全分离")):
        rgteach.setup(lang)
        assert word in repr(result)
        assert "∞" in result._repr_html_()
        assert "nan" not in repr(result)
    with pytest.raises(LearnerError):
        result.top(0)


@pytest.mark.parametrize(
    ("key", "features", "y", "settings"),
    [
        ("logistic-many-classes", np.ones((6, 1)), np.arange(12).reshape(6, 2), {}),
        ("logistic-one-class", np.ones((6, 1)), np.ones(6), {}),
        ("lengths-differ", np.ones((6, 1)), [0, 1], {}),
        ("lengths-differ", np.ones((6, 1)), [0, 1] * 3, {"covariates": [1, 2]}),
        ("collinear-columns", np.ones((6, 1)), [0, 1] * 3, {"covariates": np.outer(np.arange(6), [1, 2])}),
        ("logistic-nobody-left", np.ones((6, 1)), [0, 1] * 3, {"covariates": np.full((6, 1), np.nan)}),
        ("unknown-setting", np.ones((6, 1)), [0, 1] * 3, {"covariate": np.arange(6)}),
        ("infinite-values", np.full((6, 1), np.inf), [0, 1] * 3, {}),
    ],
)
def test_each__refuses(key, features, y, settings):
    with pytest.raises(LearnerError) as caught:
        logistic_each(features, y, **settings)
    assert caught.value.key == key


def test_glioma__all_genes_by_age_with_grade_as_covariate(shared_data):
    with (shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv").open() as file:
        table = pd.DataFrame(list(csv.DictReader(file)))
    genes = [name for name in table if name.isupper() and name.isalnum()]
    values = table[["Age_at_diagnosis", "Grade", *genes]].astype(float)
    result = logistic_each(values[["Age_at_diagnosis"]], values[genes], covariates=values[["Grade"]])
    assert result.coef.shape == (1, len(genes))
    for g in (0, 7, len(genes) - 1):
        theirs = sm.Logit(values[genes[g]], sm.add_constant(values[["Grade", "Age_at_diagnosis"]])).fit(
            disp=0, tol=1e-14
        )
        assert result.coef[0, g] == pytest.approx(theirs.params["Age_at_diagnosis"], rel=1e-8)
        assert result.se[0, g] == pytest.approx(theirs.bse["Age_at_diagnosis"], rel=1e-8)
