"""Compiled, plain and slow twin agree, and the exact path meets the conditions of the optimum."""

import naive_lasso as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rgteach.core import exact, homotopy, lasso
from rgteach.core.working import WorkingSet, answer, start_of, swept

numbers = st.floats(-3, 3, allow_nan=False).map(lambda x: round(x, 3))
small_tables = hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(2, 5)), elements=numbers)
whole_tables = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 9), st.integers(2, 8)), elements=st.integers(-2, 2).map(float)
)


def table(n, p, seed=0, together=0.0):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(p, n)) + together * rng.normal(size=(1, n))
    features -= features.mean(axis=1, keepdims=True)
    y = features[: min(p, 5)].sum(axis=0) + rng.normal(size=n)
    return np.ascontiguousarray(features), y - y.mean()


def grid(features, y, k=30, share=0.01, l1_ratio=1.0):
    lam = np.abs(features @ y).max() / len(y) / l1_ratio * share ** (np.arange(k) / (k - 1))
    return lam * l1_ratio, lam * (1 - l1_ratio)


def full(path, p):
    coef = np.zeros((len(path.gap), p))
    coef[:, path.support] = path.coef
    return coef


@given(numbers, st.floats(0, 3))
def test_soft__moves_towards_zero_and_stops_there(value, threshold):
    assert lasso.soft(value, threshold) == pytest.approx(naive.soft(value, threshold), abs=1e-15)
    assert lasso.soft.py_func(value, threshold) == lasso.soft(value, threshold)


@given(small_tables, st.floats(0.01, 2), st.floats(0, 2), st.integers(0, 99))
def test_cycle__compiled_equals_plain_equals_slow_twin(features, l1, l2, seed):
    rng = np.random.default_rng(seed)
    y, start = rng.normal(size=features.shape[1]), rng.normal(size=len(features))
    found = []
    for function in (lasso.cycle, lasso.cycle.py_func):
        coef, residual = start.copy(), y - start @ features
        largest = function(features, residual, coef, l1, l2)
        assert np.allclose(residual, y - coef @ features, rtol=0, atol=1e-12)
        found.append((coef, largest))
    assert np.allclose(found[0][0], found[1][0], rtol=1e-13, atol=1e-14)
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-12)
    expected = naive.cycle(features, y, start, l1, l2)
    used = features.any(axis=1)
    assert np.allclose(found[0][0][used], expected[used], rtol=1e-9, atol=1e-10)


def test_coordinate_descent__orthonormal_columns_need_one_soft_threshold():
    """X'X/n = 1, so b_j = soft(x_j'y/n, lam): 2, -1 and 0.25 become 1.5, -0.5 and 0 at lam = 0.5."""
    features = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]], float)
    y = 2 * features[0] - features[1] + 0.25 * features[2]
    coef, gap, cycles = lasso.coordinate_descent(features, y, 0.5, 0.0, np.zeros(3))
    assert coef.tolist() == [1.5, -0.5, 0.0]
    assert gap == pytest.approx(0, abs=1e-15)
    assert cycles == 1


def test_coordinate_descent__ridge_part_divides_by_one_more():
    features = np.array([[1, 1, -1, -1]], float)
    coef, _, _ = lasso.coordinate_descent(features, 2 * features[0], 0.5, 1.0, np.zeros(1))
    assert coef.tolist() == [0.75]  # (2 - 0.5) / (1 + 1)


@given(small_tables, st.floats(0.01, 2), st.sampled_from([0.0, 0.3]), st.integers(0, 99))
def test_duality_gap__never_below_the_distance_that_is_left(features, l1, l2, seed):
    rng = np.random.default_rng(seed)
    y, n = rng.normal(size=features.shape[1]), features.shape[1]
    best = naive.objective(features, y, naive.lasso(features, y, l1, l2, 300), l1, l2)
    for coef in (np.zeros(len(features)), rng.normal(size=len(features))):
        residual = y - coef @ features
        gap = lasso.duality_gap(y, residual, features @ residual / n, coef, l1, l2)
        assert gap >= naive.objective(features, y, coef, l1, l2) - best - 1e-9


def test_duality_gap__many_at_once_equal_each_alone():
    features, y = table(20, 6)
    rng = np.random.default_rng(1)
    coef, l1, l2 = rng.normal(size=(6, 3)), np.array([0.1, 0.2, 0.0]), np.array([0.0, 0.3, 0.4])
    residual = y[:, None] - features.T @ coef
    slope = features @ residual / 20
    together = lasso.duality_gap(y, residual, slope, coef, l1, l2)
    for k in range(3):
        alone = lasso.duality_gap(y, residual[:, k], slope[:, k], coef[:, k], l1[k], l2[k])
        assert together[k] == pytest.approx(float(alone), rel=1e-13)


@given(st.integers(1, 7), st.integers(0, 99))
def test_pivot__compiled_equals_plain_equals_inversion(m, seed):
    features, _ = table(12, m, seed)
    gram = features @ features.T / 12
    inside = np.random.default_rng(seed).random(m) < 0.5
    for function in (homotopy.pivot, homotopy.pivot.py_func):
        swept_by_turns, column = gram.copy(), np.empty(m)
        for j in np.flatnonzero(inside):
            function(swept_by_turns, j, column)
        lower = np.tril_indices(m)
        expected = naive.swept(gram, inside)
        assert np.allclose(swept_by_turns[lower], expected[lower], rtol=1e-9, atol=1e-9)
        assert np.allclose(swept(gram, inside)[lower], expected[lower], rtol=1e-9, atol=1e-9)
        for j in np.flatnonzero(inside):  # and out again
            function(swept_by_turns, j, column)
        assert np.allclose(swept_by_turns[lower], gram[lower], rtol=1e-8, atol=1e-8)


@given(st.integers(1, 6), st.integers(0, 99))
def test_answer__solves_inside_and_carries_outside(m, seed):
    features, _ = table(12, m, seed)
    gram = features @ features.T / 12
    rng = np.random.default_rng(seed)
    inside = rng.random(m) < 0.5
    push = np.where(inside, rng.normal(size=m), 0.0)
    moves = answer(swept(gram, inside), push)
    b = np.where(inside, moves, 0.0)
    assert np.allclose((gram @ b)[inside], push[inside], rtol=0, atol=1e-8)
    assert np.allclose(-(gram @ b)[~inside], moves[~inside], rtol=0, atol=1e-8)
    both = answer(swept(gram, inside), np.column_stack([push, 2 * push]))
    assert np.allclose(both[:, 1], 2 * moves, rtol=1e-12, atol=1e-12)


@given(st.integers(0, 99), st.integers(2, 6))
def test_working_set__joining_late_gives_the_table_of_joining_at_once(seed, m):
    features, _ = table(12, m, seed)
    late, given_products = WorkingSet(features), WorkingSet(features, features @ features.T / 12)
    for working in (late, given_products):
        working.join(np.arange(m - 1))
        working.turn_to(np.arange(m - 1) % 2)
        working.join(np.array([m - 1]))
        lower = np.tril_indices(m)
        expected = naive.swept(features @ features.T / 12, np.append(np.arange(m - 1) % 2, 0) == 1)
        assert np.allclose(working.table[lower], expected[lower], rtol=1e-8, atol=1e-8)


def start_of_walk(features, y):
    gram, slope = features @ features.T / len(y), features @ y / len(y)
    state = start_of(slope, np.zeros(len(slope)), gram)
    return gram, state, np.zeros(len(slope), np.int64), np.abs(slope).max()


@pytest.mark.parametrize("seed", range(6))
def test_walk__compiled_equals_plain(seed):
    features, y = table(15, 8, seed, together=1.0)
    found = []
    for function in (homotopy.walk, homotopy.walk.py_func):
        gram, state, side, top = start_of_walk(features, y)
        assert function(gram, state, side, top, -1.0, 0.95 * top) == 0
        assert np.count_nonzero(side) >= 6
        found.append(np.where(side != 0, state[0], 0.0))
    assert np.allclose(*found, rtol=1e-10, atol=1e-12)
    assert naive.worst_condition(features, y, found[0], 0.05 * top, 0.0) < 1e-10


def test_next_event__nearest_of_zero_and_bound_by_hand():
    """At bound 1 falling by 1: b_0 = 0.6 falling by 3 needs 0.2; c_1 = 0.5 growing by 1 needs 0.25."""
    state = np.array([[0.6, 0.5, -0.5], [-3.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    table_, side = np.eye(3), np.array([1, 0, 0])
    for function in (homotopy.next_event, homotopy.next_event.py_func):
        assert function(table_, state, side, 1.0, -1.0) == (0, pytest.approx(0.2))
        assert function(table_[1:, 1:], state[:, 1:].copy(), side[1:], 1.0, -1.0)[0] == 0


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.05])
@pytest.mark.parametrize(("n", "p"), [(30, 10), (20, 60), (40, 150), (5, 3), (2, 4)])
@pytest.mark.parametrize("together", [0.0, 2.0], ids=["apart", "together"])
@pytest.mark.parametrize("known", [False, True], ids=["plain", "gram"])
def test_exact_path__meets_the_conditions_at_every_grid_point(n, p, l1_ratio, together, known):
    features, y = table(n, p, 3, together)
    l1, l2 = grid(features, y, 30, 0.01, l1_ratio)
    path = exact.exact_path(features, y, l1, l2, gram=features @ features.T / n if known else None)
    coef = full(path, p)
    assert not coef[0].any()
    for k in range(len(l1)):
        assert naive.worst_condition(features, y, coef[k], l1[k], l2[k]) < 1e-8
    residual = y[:, None] - features.T @ coef.T
    gap = lasso.duality_gap(y, residual, features @ residual / n, coef.T, l1, l2)
    assert gap.max() <= 1e-12 * (y @ y / 2 / n)
    assert np.allclose(path.gap, gap, rtol=0, atol=1e-12 * (y @ y / n))
    assert np.allclose(path.squares, np.square(residual).mean(axis=0), rtol=1e-9, atol=1e-13 * (y @ y / n))


@given(whole_tables, st.integers(0, 9), st.sampled_from([1.0, 0.5]))
def test_exact_path__small_whole_numbers_full_of_ties(features, seed, l1_ratio):
    """Equal, opposite and dependent columns, and several events at one place: the optimum all the same."""
    rng = np.random.default_rng(seed)
    y = rng.integers(-3, 4, features.shape[1]).astype(float)
    if not (features @ y).any():
        return
    l1, l2 = grid(features, y, 8, 0.02, l1_ratio)
    path = exact.exact_path(features, y, l1, l2)
    coef = full(path, len(features))
    residual = y[:, None] - features.T @ coef.T
    gap = lasso.duality_gap(y, residual, features @ residual / len(y), coef.T, l1, l2)
    assert gap.max() <= 1e-10 * (y @ y / 2 / len(y))


def test_exact_path__equals_the_textbook_and_the_slow_twin():
    features, y = table(12, 5, 1)
    l1, l2 = grid(features, y, 6, 0.05, 0.7)
    coef = full(exact.exact_path(features, y, l1, l2), 5)
    for k in range(6):
        textbook, _, _ = lasso.coordinate_descent(features, y, l1[k], l2[k], np.zeros(5), tol=1e-15)
        assert np.allclose(coef[k], textbook, rtol=0, atol=1e-8)
        assert np.allclose(coef[k], naive.lasso(features, y, l1[k], l2[k]), rtol=0, atol=1e-8)


def test_exact_path__goes_on_by_descent_where_the_walk_gets_stuck(monkeypatch):
    features, y = table(30, 60, 2)
    l1, l2 = grid(features, y, 8, 0.1)
    expected = full(exact.exact_path(features, y, l1, l2), 60)
    monkeypatch.setattr("rgteach.core.working.walk", lambda *args: 1.0)
    path = exact.exact_path(features, y, l1, l2)
    assert path.gap.max() <= 1e-10 * (y @ y / 60)
    assert np.allclose(full(path, 60), expected, rtol=0, atol=1e-4)


def test_exact_path__a_wrong_guess_is_found_and_mended(monkeypatch):
    """Let in only the very first feature by guess: all others must come back through the check."""
    features, y = table(40, 200, 4)
    l1, l2 = grid(features, y, 20, 0.05)
    expected = full(exact.exact_path(features, y, l1, l2), 200)

    def blind(working, here, bounds):
        first = np.array([np.abs(here.slope).argmax()])
        return first[~working.member[first]], len(bounds)

    monkeypatch.setattr(exact, "expected", blind)
    assert np.allclose(full(exact.exact_path(features, y, l1, l2), 200), expected, rtol=0, atol=1e-10)
