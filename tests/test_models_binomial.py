"""Penalised logistic paths: optimal at every penalty, whatever the weights, units and columns."""

import naive_binomial as naive
import numpy as np
import pandas as pd
import pytest

from rgteach import LearnerError
from rgteach.models.penalised import lasso_path


def study(n=60, p=90, seed=0):
    """Columns in units of their own, far from 0 some of them, and a noisy outcome of two classes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * 10.0 ** rng.integers(-2, 3, p) + rng.integers(-50, 50, p)
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    y = (z[:, 0] - z[:, 1] + 0.5 * z[:, 2] + rng.normal(size=n) > 0.2).astype(float)
    return X, y


def fit(X, y, **settings):
    """A path of two classes on a short grid."""
    return lasso_path(X, y, **({"family": "binomial", "n_lam": 15} | settings))


def as_written(X, y, path, k, *, weights=None, free=(), standardise=True, intercept=True):
    """Solution k in the words of the objective: columns, y, weights, l1, l2 and coefficients for `naive`."""
    w = np.ones(len(y)) if weights is None else np.asarray(weights, float)
    w = w / w.sum()
    centre = w @ X if intercept else np.zeros(X.shape[1])
    spread = np.sqrt(w @ (X - w @ X) ** 2) if standardise else np.ones(X.shape[1])
    spread = np.where(spread > 0, spread, 1)
    held = np.where(np.isin(np.arange(X.shape[1]), free), 0.0, path.lam[k])
    columns, coef = (X - centre) / spread, path.coef[k] * spread
    if intercept:
        columns, held = np.column_stack([np.ones(len(y)), columns]), np.r_[0.0, held]
        coef = np.r_[path.intercept[k] + path.coef[k] @ centre, coef]
    return columns, y, w, held * path.l1_ratio, held * (1 - path.l1_ratio), coef


WAYS = {
    "plain": {},
    "weights": {"weights": np.arange(60) % 4},
    "unpenalised": {"unpenalised": [3, 7]},
    "as-they-are": {"standardise": False},
    "no-intercept": {"intercept": False},
    "everything": {"weights": 1 + np.arange(60) % 3, "unpenalised": [0, 5], "standardise": False},
}


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.05, 0.0])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("p", [12, 90])
def test_path__is_optimal_at_every_penalty(p, way, l1_ratio):
    """The optimality conditions over all columns, and a gap that is found from the coefficients alone."""
    X, y = study(p=p)
    settings = WAYS[way]
    path = fit(X, y, l1_ratio=l1_ratio, **settings)
    told = {("free" if name == "unpenalised" else name): value for name, value in settings.items()}
    scale = path.lam * (l1_ratio or 1.0)
    for k in range(len(path)):
        written = as_written(X, y, path, k, **told)
        assert naive.violation(*written) <= 1e-7 * scale[k]
        assert path.objective[k] == pytest.approx(naive.objective(*written), rel=1e-10)
        assert naive.gap(*written) <= 1e-8 * path.objective[0]
    assert np.all(path.relative_gap <= 1e-10)
    assert np.all((path.gap >= 0) & np.isfinite(path.gap))
    assert "path-not-converged" not in path.flags


@pytest.mark.parametrize("l1_ratio", [1.0, 0.3])
def test_path__begins_where_the_first_feature_comes_in(l1_ratio):
    X, y = study()
    path = fit(X, y, l1_ratio=l1_ratio, unpenalised=[1])
    assert path.n_nonzero[0] == 0
    assert np.all(path.coef[0][np.arange(90) != 1] == 0)
    assert path.coef[0][1] != 0
    assert path.deviance_ratio[0] == pytest.approx(0, abs=1e-14)
    assert fit(X, y, l1_ratio=l1_ratio, unpenalised=[1], lam=path.lam[0] * 0.999).n_nonzero[0] >= 1
    assert fit(X, y, l1_ratio=l1_ratio, unpenalised=[1], lam=path.lam[0] * 2).n_nonzero[0] == 0


def test_path__null_model_is_the_share_of_events():
    X, y = study()
    path = fit(X, y)
    assert path.intercept[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())), rel=1e-9)
    assert path.predict(X)[:, 0] == pytest.approx(np.full(60, y.mean()))
    share = y.mean()
    null = -share * np.log(share) - (1 - share) * np.log(1 - share)
    assert path.objective[0] == pytest.approx(null, rel=1e-12)


def test_path__two_patients_by_hand():
    """X = -1, 1 and y = 0, 1: the slope is 1 / (1 + e^b) = lam, so b = log(1 / lam - 1), and λmax is 1/2."""
    path = lasso_path([[-1.0], [1.0]], [0, 1], family="binomial", lam=[0.6, 0.5, 0.25, 0.1])
    assert path.coef[:, 0] == pytest.approx([0, 0, np.log(3), np.log(9)], rel=1e-10)
    assert path.intercept == pytest.approx(np.zeros(4), abs=1e-12)
    assert fit([[-1.0], [1.0]], [0, 1]).lam[0] == pytest.approx(0.5)


def test_path__of_one_penalty_is_that_point_of_the_grid():
    X, y = study()
    path = fit(X, y, lam_ratio=0.02)
    alone = fit(X, y, lam=path.lam[-1])
    assert alone.coef[0] == pytest.approx(path.coef[-1], rel=1e-6, abs=1e-9)
    assert alone.objective[0] == pytest.approx(path.objective[-1], rel=1e-12)


def test_path__looser_tol_keeps_its_promise():
    X, y = study(seed=3)
    best = fit(X, y, lam_ratio=0.02)
    for tol in (1e-2, 1e-6):
        loose = fit(X, y, lam_ratio=0.02, tol=tol)
        assert np.all(loose.relative_gap <= tol)
        assert np.all(loose.objective - best.objective <= loose.gap + 1e-14)


# ---------------------------------------------------------------- weights, units, columns


def test_weights__zero_is_the_row_left_out():
    X, y = study()
    weights = np.where(np.arange(60) % 5 == 0, 0.0, 1.0)
    kept = weights > 0
    assert fit(X, y, weights=weights).coef == pytest.approx(fit(X[kept], y[kept]).coef, rel=1e-9, abs=1e-12)


def test_weights__two_is_the_row_twice():
    X, y = study(p=20)
    weights = 1 + np.arange(60) % 2
    twice = np.repeat(np.arange(60), weights)
    one, other = fit(X, y, weights=weights), fit(X[twice], y[twice])
    assert one.lam == pytest.approx(other.lam, rel=1e-12)
    assert one.coef == pytest.approx(other.coef, rel=1e-7, abs=1e-10)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0])
def test_offset__of_1e8_changes_nothing_but_the_intercept(l1_ratio):
    """1e8 leaves seven digits of a column with spread one, so the columns themselves differ by 1e-8."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(50, 30))
    y = (X[:, 0] + rng.normal(size=50) > 0).astype(float)
    near, far = fit(X, y, l1_ratio=l1_ratio, lam_ratio=0.1), fit(X + 1e8, y, l1_ratio=l1_ratio, lam_ratio=0.1)
    assert far.coef == pytest.approx(near.coef, abs=1e-6)
    assert np.all(far.relative_gap <= 1e-10)


def test_unit__of_a_column_changes_only_its_coefficient():
    X, y = study(p=20)
    unit = 10.0 ** np.arange(-10, 10)
    assert fit(X * unit, y).coef * unit == pytest.approx(fit(X, y).coef, rel=1e-6, abs=1e-9)


def test_columns__a_constant_one_gets_nothing():
    X, y = study(p=20)
    X[:, 4] = 7.0
    path = fit(X, y)
    assert np.all(path.coef[:, 4] == 0)
    assert "path-constant-features" in path.flags
    assert path.coef[:, :4] == pytest.approx(fit(np.delete(X, 4, axis=1), y).coef[:, :4], abs=1e-9)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_columns__that_are_the_same_share_their_part(l1_ratio):
    X, y = study(p=20)
    path, alone = fit(np.column_stack([X, X[:, :3], -X[:, 3]]), y, l1_ratio=l1_ratio), fit(X, y)
    assert np.all(path.relative_gap <= 1e-10)
    if l1_ratio == 1.0:  # only the sum is decided
        summed = path.coef[:, :20].copy()
        summed[:, :3] += path.coef[:, 20:23]
        summed[:, 3] -= path.coef[:, 23]
        assert summed == pytest.approx(alone.coef, rel=1e-5, abs=1e-7)
    else:  # the ridge part shares equally
        assert path.coef[:, 20:23] == pytest.approx(path.coef[:, :3], rel=1e-5, abs=1e-8)


def test_columns__inside_the_unpenalised_ones_get_nothing():
    X, y = study(p=20)
    X[:, 6] = 2 * X[:, 0] - X[:, 1] + 3
    path = fit(X, y, unpenalised=[0, 1])
    assert np.all(path.coef[:, 6] == 0)
    assert "path-explained-features" in path.flags


# ---------------------------------------------------------------- labels, flags, what is refused


LABELS = {"minus-plus": (-1, 1), "one-two": (1, 2), "bool": (False, True), "words": ("mutant", "wild type")}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels__the_event_is_the_second(labels):
    X, y = study(p=20)
    path = fit(X, [labels[int(one)] for one in y])
    assert path.coef == pytest.approx(fit(X, y).coef, rel=1e-12)
    assert path.settings["classes"] == labels


def test_separation__by_features_is_flagged_and_the_path_goes_on():
    X, y = study(seed=5)
    y = (X[:, 0] > np.median(X[:, 0])).astype(float)
    path = fit(X, y, lam_ratio=1e-4)
    assert len(path) == 15
    assert "binomial-nearly-separated" in path.flags
    assert np.all(path.relative_gap <= 1e-10)
    assert np.all(np.diff(np.abs(path.coef[1:, 0])) > 0)
    assert "binomial-nearly-separated" not in fit(X, y, lam_ratio=0.5).flags


def test_separation__by_unpenalised_columns_is_refused():
    X, y = study()
    X[:, 2] = y * 3 + np.random.default_rng(0).uniform(size=60)
    with pytest.raises(LearnerError, match=r"x2.*60 of 60") as error:
        fit(X, y, unpenalised=[2])
    assert error.value.key == "binomial-free-separation"


def test_separation__of_some_patients_by_unpenalised_columns_is_refused():
    """A covariate of 0 and 1 that is 1 in events only: quasi-complete."""
    X, y = study()
    X[:, 2] = 0
    X[np.flatnonzero(y)[:5], 2] = 1
    with pytest.raises(LearnerError, match="5 of 60") as error:
        fit(X, y, unpenalised=[2])
    assert error.value.key == "binomial-free-separation"


def test_few__patients_of_one_class_are_flagged():
    X, y = study()
    y[:] = 0
    y[:7] = 1
    assert "binomial-few-events" in fit(X, y, lam_ratio=0.5).flags
    y[7] = 1
    assert "binomial-few-events" not in fit(X, y, lam_ratio=0.5).flags


def test_refused__one_class_and_one_class_that_weighs_anything():
    X, y = study()
    with pytest.raises(LearnerError):
        fit(X, np.ones(60))
    with pytest.raises(LearnerError, match="'wild'") as error:
        fit(X, np.where(y > 0, "wild", "mutant"), weights=y)
    assert error.value.key == "binomial-one-class"


def test_refused__three_classes_and_gaps():
    X, y = study()
    with pytest.raises(LearnerError):
        fit(X, np.arange(60) % 3)
    for broken in (np.where(np.arange(60) == 3, np.nan, y), pd.Series(y).where(y < 1)):
        with pytest.raises(LearnerError) as error:
            fit(X, broken)
        assert error.value.key == "has-gaps"
    X[5, 5] = np.nan
    with pytest.raises(LearnerError) as error:
        fit(X, y)
    assert error.value.key == "has-gaps"


def test_refused__features_that_have_nothing_to_do_with_the_outcome():
    X = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 5.0], [3.0, 5.0]])
    with pytest.raises(LearnerError) as error:
        fit(X, [0, 1, 0, 1])
    assert error.value.key == "nothing-to-explain"
