"""Penalised logistic regression in numbers: compiled == plain == slow twin, and the exact walk."""

import os
import subprocess
import sys
from contextlib import nullcontext

import naive_binomial as naive
import numpy as np
import pytest
from plain import plain

from rgteach.core import binomial, binomial_ridge
from rgteach.core.binomial_newton import Walk
from rgteach.core.binomial_system import System, cholesky


def problem(n=30, p=8, seed=0):
    """Standardised columns, two classes, uneven weights that sum to 1."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    X = np.asfortranarray((X - X.mean(axis=0)) / X.std(axis=0))
    y = (X[:, 0] - X[:, 1] + rng.normal(size=n) > 0.3).astype(float)
    weights = rng.uniform(0.5, 2, n)
    return X, y, weights / weights.sum()


def with_intercept(X, l1, l2):
    """A column of ones before the others, and the penalties of all columns."""
    p = X.shape[1]
    ones = np.asfortranarray(np.column_stack([np.ones(len(X)), X]))
    return ones, np.repeat([0.0, l1], [1, p]), np.repeat([0.0, l2], [1, p])


# ---------------------------------------------------------------- sums over patients


@pytest.mark.parametrize(
    "way", [binomial.logistic_state, binomial.logistic_state.py_func], ids=["fast", "plain"]
)
def test_logistic_state__is_the_definition(way):
    _, y, weights = problem()
    eta = np.random.default_rng(1).normal(0, 3, len(y))
    pull, curvature = np.empty(len(y)), np.empty(len(y))
    loss = way(eta, y, weights, pull, curvature)
    expected = naive.logistic_state(eta, y, weights)
    assert loss == pytest.approx(expected[0], rel=1e-13)
    assert pull == pytest.approx(expected[1], rel=1e-12)
    assert curvature == pytest.approx(expected[2], rel=1e-12)


def test_logistic_state__at_even_odds_is_log_two():
    pull, curvature = np.empty(2), np.empty(2)
    y, weights = np.array([0.0, 1.0]), np.array([0.25, 0.75])
    assert binomial.logistic_state(np.zeros(2), y, weights, pull, curvature) == pytest.approx(np.log(2))
    assert pull.tolist() == [-0.125, 0.375]
    assert curvature.tolist() == [0.0625, 0.1875]


def test_logistic_state__keeps_its_digits_far_out():
    """At a log-odds of 50 the unseen label has probability e^-50, which 1 - p would round to 0."""
    pull, curvature = np.empty(4), np.empty(4)
    eta, y = np.array([50.0, -50.0, 800.0, -800.0]), np.array([1.0, 0.0, 1.0, 1.0])
    loss = binomial.logistic_state(eta, y, np.full(4, 0.25), pull, curvature)
    assert pull[:2] == pytest.approx([0.25 * np.exp(-50.0), -0.25 * np.exp(-50.0)], rel=1e-14)
    assert curvature[0] == pytest.approx(0.25 * np.exp(-50.0), rel=1e-14)
    assert pull[2:].tolist() == [0.0, 0.25]
    assert loss == pytest.approx(200.0)


@pytest.mark.parametrize("way", [binomial.dual_value, binomial.dual_value.py_func], ids=["fast", "plain"])
def test_dual_value__is_the_definition(way):
    _, y, weights = problem()
    weights[3] = 0.0
    theta = weights * (y - np.random.default_rng(2).uniform(0.01, 0.99, len(y)))
    for scale in (1.0, 0.4, 0.0):
        expected = naive.dual_value(theta, y, weights, scale)
        assert way(theta, y, weights, scale) == pytest.approx(expected, rel=1e-12)


def test_dual_value__is_no_floor_where_a_share_is_no_probability():
    y, weights = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    assert binomial.dual_value(np.array([-0.1, -0.1]), y, weights, 1.0) == -np.inf
    assert binomial.dual_value(np.array([0.6, -0.1]), y, weights, 1.0) == -np.inf
    assert (
        binomial.dual_value(np.array([0.5, 0.0]), y, weights, 1.0) == 0.0
    )  # the ends count, and give nothing


def test_dual_value__meets_the_loss_at_the_residuals_of_a_model_without_columns():
    _, y, weights = problem()
    pull, curvature = np.empty(len(y)), np.empty(len(y))
    loss = binomial.logistic_state(np.zeros(len(y)), y, weights, pull, curvature)
    assert binomial.dual_value(pull, y, weights, 1.0) == pytest.approx(loss, rel=1e-14)


# ---------------------------------------------------------------- the textbook solver


@pytest.mark.parametrize(
    ("l1", "l2"), [(0.05, 0.0), (0.02, 0.03), (0.0, 0.1)], ids=["lasso", "mixed", "ridge"]
)
def test_coordinate_newton__compiled_plain_and_twin_agree(l1, l2):
    X, y, weights = problem(n=20, p=4)
    ones, l1, l2 = with_intercept(X, l1, l2)
    fits = np.zeros((2, 5))
    assert binomial.coordinate_newton(ones, y, weights, l1, l2, fits[0]) < binomial.ROUNDS
    with plain(binomial):
        assert binomial.coordinate_newton(ones, y, weights, l1, l2, fits[1]) < binomial.ROUNDS
    assert fits[0] == pytest.approx(fits[1], abs=1e-13)
    assert fits[0] == pytest.approx(naive.proximal_gradient(ones, y, weights, l1, l2), abs=1e-9)
    assert naive.violation(ones, y, weights, l1, l2, fits[0]) < 1e-12


@pytest.mark.parametrize(("l1", "event_odds"), [(0.1, 4.0), (0.3, 1.5), (0.6, 1.0)])
@pytest.mark.parametrize("way", ["compiled", "plain"])
def test_coordinate_newton__one_coefficient_by_hand(l1, event_odds, way):
    """Of those with x = 1 nine in ten have the event, of those with x = -1 one in ten: the slope at 0 is 0.4.

    At b both halves pull by 0.9 - p(b), so p(b) = 0.9 - l1 for an l1 up to 0.4, and b = 0 above.
    """
    x = np.repeat([1.0, -1.0], 10)
    y = np.r_[np.ones(9), 0.0, np.zeros(9), 1.0]
    coef, weights = np.zeros(2), np.full(20, 0.05)
    X = np.asfortranarray(np.column_stack([x, np.zeros(20)]))  # and a column of zeros is left alone
    with plain(binomial) if way == "plain" else nullcontext():
        binomial.coordinate_newton(X, y, weights, np.array([l1, 0.0]), np.zeros(2), coef)
    assert coef == pytest.approx([np.log(event_odds), 0.0], abs=1e-12)


# ---------------------------------------------------------------- one linear system


@pytest.mark.parametrize("n_free", [0, 2], ids=["none-free", "two-free"])
def test_system__wide_is_the_same_as_its_matrix(n_free):
    rng = np.random.default_rng(3)
    scaled, l2 = rng.normal(size=(n_free + 9, 6)), 0.3
    whole = System(scaled, l2, n_free)
    ridge = np.repeat([0.0, l2], [n_free, 9])
    right = rng.normal(size=len(scaled))
    assert whole.is_wide
    assert whole.solve(right) == pytest.approx(
        np.linalg.solve(scaled @ scaled.T + np.diag(ridge), right), rel=1e-9
    )
    kept = np.r_[np.arange(n_free), n_free + 1, n_free + 4]
    part = whole.part(kept)
    matrix = scaled[kept] @ scaled[kept].T + np.diag(ridge[kept])
    assert not part.is_wide
    assert part.solve(right[kept]) == pytest.approx(np.linalg.solve(matrix, right[kept]), rel=1e-9)
    narrow = System(scaled[:, :6], 0.0, n_free) if n_free + 9 <= 6 else System(scaled[:5], l2, n_free)
    some = np.array([0, 1, 2, 4])
    matrix = scaled[some] @ scaled[some].T + np.diag(ridge[some])
    assert narrow.part(some).solve(right[some]) == pytest.approx(
        np.linalg.solve(matrix, right[some]), rel=1e-9
    )


def test_cholesky__of_two_equal_columns_is_moved_away_from_singular():
    twins = np.ones((2, 2))
    factor = np.triu(cholesky(twins))
    assert factor.T @ factor == pytest.approx(twins, abs=1e-9)


def test_cholesky__of_nothing_is_nothing():
    assert cholesky(np.zeros((0, 0))).shape == (0, 0)


# ---------------------------------------------------------------- the exact walk


def walk(X, y, weights, l1_ratio, share=0.02, k=12, tol=1e-10):
    """The walk, and what it finds at k penalties down to a share of the first: (lam, solution, coef)."""
    start = Walk(X, np.full((len(y), 1), len(y) ** -0.5), y, weights)
    grid = np.abs(start.corr).max() / l1_ratio * share ** (np.arange(k) / (k - 1))
    found = []
    for lam in grid:
        one = start.solve(lam, l1_ratio, tol)
        coef = np.zeros(X.shape[1] + 1)
        coef[0], coef[1 + one.active] = one.coef[0] * len(y) ** -0.5, one.coef[1:]
        found.append((lam, one, coef))
    return start, found


@pytest.mark.parametrize("l1_ratio", [1.0, 0.7, 0.05])
@pytest.mark.parametrize(("n", "p"), [(60, 5), (30, 8), (20, 60)])
def test_walk__finds_what_the_textbook_finds(n, p, l1_ratio):
    X, y, weights = problem(n, p, seed=n + p)
    for lam, one, coef in walk(X, y, weights, l1_ratio)[1]:
        ones, l1, l2 = with_intercept(X, lam * l1_ratio, lam * (1 - l1_ratio))
        assert naive.violation(ones, y, weights, l1, l2, coef) <= 1.1e-8 * lam * l1_ratio
        textbook = coef + 0.01
        binomial.coordinate_newton(ones, y, weights, l1, l2, textbook)
        assert coef == pytest.approx(textbook, abs=1e-7)
        value = naive.objective(ones, y, weights, l1, l2, coef)
        assert one.objective == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("tol", [1e-1, 1e-3, 1e-6, 1e-10])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_walk__gap_is_never_less_than_what_is_missing(l1_ratio, tol):
    X, y, weights = problem(40, 90, seed=5)
    best = [one.objective for _, one, _ in walk(X, y, weights, l1_ratio)[1]]
    start, loose = walk(X, y, weights, l1_ratio, tol=tol)
    for least, (_, one, _) in zip(best, loose, strict=True):
        assert one.objective - least <= one.gap + 1e-15
        assert one.gap <= tol * start.null


def test_walk__one_penalty_at_once_is_the_end_of_the_way():
    X, y, weights = problem(50, 200, seed=6)
    _, found = walk(X, y, weights, 1.0, share=0.01)
    start = Walk(X, np.full((50, 1), 50**-0.5), y, weights)
    one = start.solve(found[-1][0], 1.0, 1e-10)
    assert one.objective == pytest.approx(found[-1][1].objective, rel=1e-12)


def test_walk__features_that_are_not_looked_at_are_below_the_bound(monkeypatch):
    """Every answer of the walk about all features, beside the products with all columns."""
    X, y, weights = problem(60, 400, seed=11)
    asked, skipped = Walk._ask, []

    def both(start):
        share, exact = asked(start), start.rows @ start.dual / start.l1
        looked = np.abs(share - exact) <= 1e-12
        assert np.all(np.abs(exact[~looked]) < 0.9)
        assert np.all(np.abs(share[~looked]) < 0.9)
        skipped.append(np.mean(~looked))
        return share

    monkeypatch.setattr(Walk, "_ask", both)
    walk(X, y, weights, 1.0, k=40)
    assert np.median(skipped) > 0.5


def test_walk__dropping_one_by_one_always_goes_down():
    """From any point with any signs the careful step has a positive slope and keeps every sign."""
    X, y, weights = problem(25, 40, seed=7)
    rng = np.random.default_rng(8)
    for _ in range(20):
        start = Walk(X, np.full((25, 1), 0.2), y, weights)
        start.l1, start.l2, start.lam = 0.02, 0.0, 0.02
        start._let_in(start.corr * 500)
        start.coef[1:] = rng.exponential(0.5, len(start.active)) * start.sign[1:]
        start._stand(start.coef @ start.used)
        whole = System(start.used * np.sqrt(start.curvature), 0.0, 1)
        pull = start._pull()
        step, stay = start._signed_step(whole, pull, one_by_one=True)
        assert pull @ step > 0
        after = (start.coef + step)[1:]
        assert np.all(after * start.sign[1:] >= 0)
        assert np.array_equal(after != 0, stay[1:])


def test_walk__objective_never_rises_from_step_to_step():
    X, y, weights = problem(25, 60, seed=9)
    start = Walk(X, np.full((25, 1), 0.2), y, weights)
    start.l1, start.l2, start.lam = 0.01, 0.0, 0.01
    start._let_in(start.corr / 0.01)
    before = start.objective()
    for _ in range(8):
        start._newton()
        assert start.objective() <= before * (1 + 1e-13)
        before = start.objective()
        start._let_in(start.rows @ start.dual / 0.01)


@pytest.mark.parametrize(("n", "p"), [(30, 6), (12, 40)], ids=["tall", "wide"])
def test_ridge_walk__meets_its_condition_and_its_gap(n, p):
    X, y, weights = problem(n, p, seed=10)
    walk = binomial_ridge.RidgeWalk(X, np.full((n, 1), n**-0.5), y, weights)
    for lam in (10.0, 0.1, 1e-3):
        one = walk.solve(lam, 0.0, 1e-10)
        ones, l1, l2 = with_intercept(X, 0.0, lam)
        coef = np.r_[one.coef[0] * n**-0.5, one.coef[1:]]
        assert naive.violation(ones, y, weights, l1, l2, coef) < 1e-12
        assert one.gap <= 1e-13


def test_kernels__stay_within_bounds(tmp_path):
    """The same calls with bounds checks compiled in, in a process of their own."""
    code = (
        "import numpy as np; from rgteach.core.binomial import coordinate_newton\n"
        "from rgteach.core.binomial_newton import Walk\n"
        "X = np.asfortranarray(np.random.default_rng(0).normal(size=(6, 9))); y = np.arange(6) % 2.0\n"
        "w = np.full(6, 1 / 6); one = np.ones((6, 1)); walk = Walk(X, one, y, w)\n"
        "[walk.solve(lam, 1.0, 1e-10) for lam in (0.1, 0.05)]\n"
        "coordinate_newton(X, y, w, np.full(9, 0.1), np.zeros(9), np.zeros(9)); print('within')"
    )
    extra = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | extra, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "within", done.stderr
