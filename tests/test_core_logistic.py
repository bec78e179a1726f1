"""The kernels of logistic regression: compiled, plain and a slow twin agree; the climb ends at the top."""

from contextlib import ExitStack, contextmanager

import naive_logistic as naive
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from plain import plain

from rgteach.core import inverse, logistic, logistic_columns, logistic_each


def made(seed, n=30, k=3, weighted=True):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(n), rng.normal(size=(n, k - 1))])
    y = (rng.random(n) < 1 / (1 + np.exp(-design @ rng.normal(size=k)))).astype(float)
    weights = rng.uniform(0.5, 3, n) if weighted else np.ones(n)
    return design, np.column_stack([y, weights, rng.normal(size=n)]), rng.normal(size=k)


def positive(seed, k):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(k, k + 2))
    return root @ root.T


seeds = st.integers(0, 10**6)
BOTH = pytest.mark.parametrize("way", ["compiled", "plain"])


@contextmanager
def by(way):
    """The kernels as they are, or the plain functions behind them."""
    with ExitStack() as stack:
        for module in (inverse, logistic, logistic_columns) if way == "plain" else ():
            stack.enter_context(plain(module))
        yield


# ---------------------------------------------------------------- the inverse


@BOTH
@pytest.mark.parametrize("k", [1, 3, 6])
def test_inverse__times_the_matrix_is_one(way, k):
    a = positive(k, k)
    kept = a.copy()
    with by(way):
        found, _, log_det = inverse.inverse(a)
    assert np.allclose(found @ a, np.eye(k), atol=1e-10)
    assert log_det == pytest.approx(np.linalg.slogdet(a)[1], rel=1e-12)
    assert np.array_equal(a, kept)


@BOTH
def test_inverse__says_how_much_of_a_column_is_its_own(way):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    X[:, 2] = X[:, 0] - X[:, 1] + 1e-3 * X[:, 2]
    with by(way):
        _, left, _ = inverse.inverse(X.T @ X)
    fitted = X[:, :2] @ np.linalg.lstsq(X[:, :2], X[:, 2], rcond=None)[0]
    assert left == pytest.approx(np.sum((X[:, 2] - fitted) ** 2) / np.sum(X[:, 2] ** 2), rel=1e-6)


@BOTH
def test_inverse__along_a_repeated_column_nothing_moves(way):
    with by(way):
        found, left, _ = inverse.inverse(np.array([[4.0, 4.0], [4.0, 4.0]]))
    assert left == 0.0
    assert np.array_equal(found, [[0.25, 0.0], [0.0, 0.0]])


# ---------------------------------------------------------------- the likelihood


@given(seeds)
def test_evaluate__compiled_equals_plain_equals_slow_twin(seed):
    design, cases, coef = made(seed)
    expected = naive.loglik(design, cases, coef)
    for way in ("compiled", "plain"):
        with by(way):
            loglik, least, score, information = logistic.evaluate(design, cases, coef)
        assert loglik == pytest.approx(expected, rel=1e-12)
        assert np.allclose(score, naive.score(design, cases, coef), rtol=1e-10, atol=1e-12)
        assert np.allclose(information, naive.information(design, cases, coef), rtol=1e-12)
        p = 1 / (1 + np.exp(-design @ coef - cases[:, 2]))
        assert least == pytest.approx(np.min(cases[:, 1] * np.abs(cases[:, 0] - p)), rel=1e-9)


@given(seeds)
def test_penalise__equals_its_slow_twin(seed):
    design, cases, coef = made(seed)
    for way in ("compiled", "plain"):
        with by(way):
            loglik, _, score, curvature = logistic.evaluate(design, cases, coef)
            loglik += logistic.penalise(design, cases, coef, score, curvature)
        assert loglik == pytest.approx(naive.firth_loglik(design, cases, coef), rel=1e-11)
        assert np.allclose(score, naive.firth_score(design, cases, coef), atol=2e-7)  # differences of 1e-5
        assert np.all(np.linalg.eigvalsh(curvature) > 0)


@BOTH
def test_penalise__where_the_information_is_gone_the_likelihood_is_zero(way):
    design, cases, _ = made(0)
    with by(way):
        ones = np.ones((3, 3))
        assert logistic.penalise(design, cases, np.zeros(3), np.zeros(3), ones) == -np.inf


@BOTH
@pytest.mark.parametrize("eta", [40.0, 300.0, 800.0, 1e6])
def test_evaluate__far_out_nothing_overflows_and_no_digit_is_lost(way, eta):
    design = np.array([[1.0], [-1.0]])
    right, wrong = (np.array([[y, 1.0, 0.0], [1 - y, 1.0, 0.0]]) for y in (1.0, 0.0))
    with by(way), np.errstate(over="raise", invalid="raise", divide="raise"):
        lost, least, score, _ = logistic.evaluate(design, right, np.array([eta]))
        assert least == pytest.approx(np.exp(-eta), rel=1e-12)
        assert score[0] == pytest.approx(2 * np.exp(-eta), rel=1e-12)
        assert 0 >= lost >= -1e-15
        assert logistic.evaluate(design, wrong, np.array([eta]))[0] == -2 * eta


# ---------------------------------------------------------------- the climb


@BOTH
@pytest.mark.parametrize("firth", [False, True], ids=["ml", "firth"])
def test_climb__ends_where_the_score_is_zero(way, firth):
    design, cases, _ = made(3, n=60)
    coef = np.zeros(3)
    with by(way):
        loglik, _, n_steps, reached, _ = logistic.climb(design, cases, coef, np.arange(3), firth)
        there, _, score, information = logistic.evaluate(design, cases, coef)
        if firth:
            there += logistic.penalise(design, cases, coef, score, information)
    assert reached
    assert loglik == there
    assert np.abs(score).max() < 1e-10
    assert n_steps < 20


@BOTH
def test_climb__moves_only_what_is_free(way):
    design, cases, _ = made(4, n=60)
    coef = np.array([0.0, 0.7, 0.0])
    with by(way):
        logistic.climb(design, cases, coef, np.array([0, 2]), False)
    score = naive.score(design, cases, coef)
    assert coef[1] == 0.7
    assert abs(score[0]) < 1e-10 > abs(score[2])
    assert abs(score[1]) > 1e-3


def test_climb__halves_a_step_that_goes_too_far():
    """From far away the full Newton step makes the likelihood worse, and without halving it never returns."""
    x = np.array([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0])
    design = np.column_stack([np.ones(6), x])
    cases = np.column_stack([[0, 0, 1, 0, 1, 1], np.ones(6), np.zeros(6)])
    near, far = np.zeros(2), np.array([3.0, 9.0])
    score, curvature = logistic.evaluate(design, cases, far)[2:]
    step = np.linalg.solve(curvature, score)
    assert naive.loglik(design, cases, far / 20) > naive.loglik(design, cases, np.clip(far + step, -30, 30))
    for coef in (near, far):
        assert logistic.climb(design, cases, coef, np.arange(2), False)[3]
    assert np.allclose(near, far, rtol=1e-10)


def test_climb__never_reaches_a_top_that_is_not_there():
    design = np.column_stack([np.ones(6), np.arange(6.0) - 2.5])
    cases = np.column_stack([[0, 0, 0, 1, 1, 1], np.ones(6), np.zeros(6)])
    coef = np.zeros(2)
    loglik, least, n_steps, reached, _ = logistic.climb(design, cases, coef, np.arange(2), False)
    assert not reached
    assert n_steps == logistic.MAX_STEPS
    assert least < 1e-8


@pytest.mark.parametrize("n", [40, 1000, 200_000])
def test_climb__reaches_the_top_whatever_rounding_leaves(n):
    design, cases, _ = made(7, n=n, k=4)
    cases[:, 1] *= 1e6  # a large sum rounds by more than the smallest decrement asked for
    assert logistic.climb(design, cases, np.zeros(4), np.arange(4), False)[3]


# ---------------------------------------------------------------- columns


@BOTH
@pytest.mark.parametrize("intercept", [True, False])
def test_scale_columns__centres_and_divides(way, intercept):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 3)) * [1e-6, 1, 1e9] + [0, 1e8, -3]
    cases = np.column_stack([np.ones(40), rng.uniform(0, 2, 40), np.zeros(40)])
    design, centre, scale = np.empty((40, 3 + intercept)), np.empty(3), np.empty(3)
    with by(way):
        events, others = logistic_columns.scale_columns(X, cases, intercept, design, centre, scale)
    assert (events, others) == (pytest.approx(cases[:, 1].sum(), rel=1e-14), 0)
    expected = np.average(X, axis=0, weights=cases[:, 1]) if intercept else np.zeros(3)
    assert np.allclose(centre, expected, rtol=1e-14)
    assert np.allclose(np.abs(design[:, -3:]).max(axis=0), 1)
    assert np.allclose(design[:, -3:] * scale + centre, X, rtol=1e-14)


# ---------------------------------------------------------------- one feature at a time

rows = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=2, max_size=12)


@given(rows)
def test_lie__sees_separation_exactly(pairs):
    x, y = np.array(pairs, float).T
    assume(0 < y.sum() < len(y))
    gap = np.append(x, np.nan)[None], np.append(y, 1.0)  # a patient who is not known changes nothing
    places, _ = logistic_each.lie(*gap)
    place = places[0]
    assert place == logistic_each.lie(x[None], y)[0][0]
    overlap = naive.ranges_overlap(x, y) or len(set(x)) == 1
    assert (place in (logistic_each.FITTED, logistic_each.CONSTANT)) == overlap
    if not overlap:
        kind = naive.separated(np.column_stack([np.ones(len(x)), x]), y)
        complete = place in (logistic_each.COMPLETE_UP, logistic_each.COMPLETE_DOWN)
        assert complete == (kind == "complete")


@BOTH
def test_evaluate_slope__equals_the_general_definition(way):
    rng = np.random.default_rng(6)
    sign, x = rng.choice([-1.0, 1.0], 1200), rng.normal(size=1200)
    expected = naive.slope_sums(sign, sign * x, 0.3, -0.8)
    found = logistic_each.evaluate_slope if way == "compiled" else logistic_each.evaluate_slope.py_func
    assert np.allclose(found(x, sign, 0.3, -0.8), expected, rtol=1e-11)
    gaps = np.insert(x, [0, 5], np.nan), np.insert(sign, [0, 5], 1.0)
    assert np.allclose(found(*gaps, 0.3, -0.8), expected, rtol=1e-11)


def test_fit_slopes__compiled_equals_plain(monkeypatch):
    rng = np.random.default_rng(8)
    columns = rng.integers(-2, 3, (40, 9)) / 2
    columns[rng.random(columns.shape) < 0.1] = np.nan
    columns[0] = 1.0
    y = np.array([0, 1, 0, 1, 1, 0, 0, 0, np.nan])
    one, other = np.empty((40, 7)), np.empty((40, 7))
    logistic_each.each_slope(columns, y, one)
    monkeypatch.setattr(logistic_each, "fit_slopes", logistic_each.fit_slopes.py_func)
    monkeypatch.setattr(logistic_each, "evaluate_slope", logistic_each.evaluate_slope.py_func)
    with np.errstate(all="ignore"):
        logistic_each.each_slope(columns, y, other)
    assert np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)
    assert {logistic_each.FITTED, logistic_each.CONSTANT} < set(one[:, 6])
