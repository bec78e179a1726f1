"""Stability selection: complementary halves, counts as by hand, the truth found, false ones held down."""

import numpy as np
import pytest

import rgteach
from rgteach import wording
from rgteach.errors import LearnerError, LearnerWarning
from rgteach.models.penalised import lasso_path
from rgteach.models.validation.stability import _first_seen, _halves, stability_selection

pytest.importorskip("sklearn")


def blocks(seed, n=120, n_blocks=20, size=5, rho=0.5):
    """Features in blocks that correlate by rho; the first of blocks 0, 1 and 2 carry the outcome."""
    rng = np.random.default_rng(seed)
    shared = np.repeat(rng.normal(size=(n, n_blocks)), size, axis=1)
    X = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(size=(n, n_blocks * size))
    return X, X[:, [0, 5, 10]] @ [1.0, -1.0, 1.0] + rng.normal(size=n)


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(41, 7)) * [1, 1, 50, 1, 1, 1, 1]
    return X, X[:, 1] - X[:, 4] + rng.normal(size=41)


def test_halves__share_nobody_and_do_not_depend_on_how_many_are_drawn():
    y = np.zeros(41)
    few, _ = _halves(y, "gaussian", None, 3, 7)
    many, _ = _halves(y, "gaussian", None, 9, 7)
    assert [len(rows) for rows in many] == [20] * 18
    for first, second in zip(many[::2], many[1::2], strict=True):
        assert not np.intersect1d(first, second).size
    for a, b in zip(few, many, strict=False):
        np.testing.assert_array_equal(a, b)
    assert len({tuple(rows) for rows in many}) == 18


def test_halves__every_class_is_halved_by_itself():
    y = np.repeat([0.0, 1.0], [30, 11])
    halves, flags = _halves(y, "binomial", None, 5, 0)
    assert {int(y[rows].sum()) for rows in halves} == {5}
    assert flags == ()


def test_halves__lesions_of_one_patient_stay_together():
    patients = np.repeat(np.arange(14), 3)
    halves, _ = _halves(np.zeros(42), "gaussian", patients, 4, 0)
    for first, second in zip(halves[::2], halves[1::2], strict=True):
        assert not set(patients[first]) & set(patients[second])
        assert set(np.bincount(patients[first])) <= {0, 3}


@pytest.mark.parametrize("rule", [{"q": 2}, {"lam": 0.3}, {"max_false": 2}], ids=str)
def test_shares__are_those_counted_by_hand(small, rule):
    """Follow every half down the whole grid and note who is in, one feature at a time."""
    X, y = small
    found = stability_selection(X, y, pairs=6, n_lam=40, **rule)
    halves, _ = _halves(y, "gaussian", None, 6, 0)
    counts = np.zeros(7)
    for rows in halves:
        inside = set()
        for coef in lasso_path(X[rows], y[rows], lam=found.lam).coef:
            further = inside | set(np.flatnonzero(coef))
            if found.q is not None and len(further) > found.q:
                break
            inside = further
        counts[list(inside)] += 1
    np.testing.assert_array_equal(found.probability, counts / 12)
    assert found.mean_size == pytest.approx(counts.sum() / 12)


def test_shares__only_rise_along_the_path_and_a_set_is_never_too_large(small):
    found = stability_selection(*small, pairs=6, q=3)
    assert np.all(np.diff(found.by_lam, axis=0) >= 0)
    assert found.mean_size <= 3


def test_half__is_stopped_before_the_step_that_is_too_much():
    """Two copies come in together: with q = 1 neither may, with q = 2 both do."""
    x = np.random.default_rng(0).normal(size=30)
    X = np.column_stack([x, x, np.random.default_rng(1).normal(size=30)])
    how = {"family": "gaussian", "l1_ratio": 0.5, "standardise": True, "intercept": True, "tol": 1e-10}
    grid, counted = np.geomspace(5, 0.01, 30), np.ones(3, bool)
    assert set(_first_seen(X, x, grid, 1, counted, how)) == {30}
    assert np.flatnonzero(_first_seen(X, x, grid, 2, counted, how) < 30).tolist() == [0, 1]


def test_bound__by_hand(small):
    """With p = 7: q² / ((2π - 1) p) = 4 / (0.5 · 7); a bound of 5 at π = 0.9 lets q be √(5 · 0.8 · 7) = 5."""
    assert stability_selection(*small, pairs=2, q=2).bound == pytest.approx(8 / 7, rel=1e-15)
    wide = stability_selection(*small, pairs=2, max_false=5, threshold=0.9)
    assert wide.q == 5
    assert wide.bound == pytest.approx(25 / 5.6, rel=1e-15)
    by_lam = stability_selection(*small, pairs=2, lam=0.3)
    assert by_lam.bound == pytest.approx(by_lam.mean_size**2 / 3.5, rel=1e-15)


def test_truth__is_found_among_correlated_blocks():
    hits, false = 0, 0
    for seed in range(6):
        X, y = blocks(seed)
        found = stability_selection(X, y, pairs=20)
        hits += len({"x0", "x5", "x10"} & set(found.selected))
        false += len(set(found.selected) - {"x0", "x5", "x10"})
        assert found.bound <= 1
    assert hits >= 16
    assert false <= 6  # six studies with at most one to be expected in each


def test_null__false_ones_stay_within_the_bound():
    """Thirty studies in which nothing is true, with a loose rule: the mean of V is below the bound."""
    selected = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        found = stability_selection(
            rng.normal(size=(40, 20)), rng.normal(size=40), q=5, threshold=0.6, pairs=10, n_lam=30
        )
        selected.append(len(found.selected))
    assert found.bound == pytest.approx(6.25)
    assert 0 < np.mean(selected) <= found.bound


def test_binomial__carriers_are_enough_of_an_outcome():
    X, eta = blocks(1)
    y = np.where(eta > 0, "mutated", "wild")
    found = stability_selection(X, y, family="binomial", pairs=10, q=4)
    assert {"x0", "x5", "x10"} >= set(found.selected) >= {"x5"}


def test_unpenalised__columns_are_not_counted(small):
    X, y = small
    found = stability_selection(X, y, pairs=4, q=2, unpenalised=[1])
    assert found.probability[1] == 0
    assert found.counted.tolist() == [True, False] + [True] * 5
    assert found.bound == pytest.approx(4 / (0.5 * 6))
    assert "x1" not in found.selected


def test_threshold__is_reached_by_exactly_that_share(small):
    found = stability_selection(*small, pairs=5, q=2, threshold=0.7)
    shares = found.probability
    assert [found.names[j] for j in found.order if shares[j] > 0.7 - 1e-6] == list(found.selected)


def test_half__where_nothing_can_be_explained_selects_nothing():
    X = np.random.default_rng(0).normal(size=(12, 3))
    y = (np.arange(12) == 0).astype(float)  # in one half of each pair everybody has 0
    found = stability_selection(X, y, pairs=3, q=1, n_lam=20)
    assert found.mean_size <= 0.5


def test_few__carriers_are_warned_about(small):
    X, _ = small
    with pytest.warns(LearnerWarning, match="smallest class"):
        found = stability_selection(X, np.arange(41) < 6, family="binomial", pairs=2, q=1)
    assert "stability-flag-few" in found.flags


@pytest.mark.parametrize(
    ("key", "how"),
    [
        pytest.param("stability-one-rule", {"q": 2, "lam": 0.1}, id="two-rules"),
        pytest.param("stability-q-zero", {"max_false": 0.1}, id="no-room"),
        pytest.param("stability-q-large", {"q": 8}, id="q-above-p"),
        pytest.param("stability-bad-q", {"q": 0}, id="q-zero"),
        pytest.param("stability-bad-q", {"q": "all"}, id="q-word"),
        pytest.param("stability-bad-pairs", {"pairs": 0}, id="no-pairs"),
        pytest.param("out-of-range", {"threshold": 0.5}, id="half"),
        pytest.param("out-of-range", {"threshold": 1.1}, id="above-one"),
        pytest.param("out-of-range", {"lam": -1}, id="negative"),
        pytest.param("bad-n-lam", {"n_lam": 1}, id="one-lam"),
        pytest.param("stability-too-few", {"groups": [0] * 41}, id="one-group"),
        pytest.param("unknown-setting", {"treshold": 0.7}, id="misspelt"),
    ],
)
def test_settings__that_cannot_be_are_told(small, key, how):
    with pytest.raises(LearnerError) as error:
        stability_selection(*small, **how)
    assert error.value.key == key
    assert str(error.value)


def test_groups__that_take_a_class_along_are_told(small):
    y = np.arange(41) < 4
    with pytest.raises(LearnerError) as error:
        stability_selection(small[0], y, family="binomial", groups=np.arange(41) // 5, pairs=5)
    assert error.value.key == "stability-half-one-class"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_view__lists_what_was_found_most_often(small, language):
    rgteach.setup(language)
    for rule in ({"q": 4}, {"lam": 0.1}):
        found = stability_selection(*small, pairs=4, **rule)
        assert found.flags == ("stability-flag-loose",)
        assert wording.say("stability-flag-loose") in repr(found)
        for view in (repr(found), found._repr_html_()):
            assert "x4" in view
            assert f"{found.bound:.3g}" in view
