"""Simulated error rates: what the theory promises comes out, and the counting is that of the procedures."""

import numpy as np
import pytest
from scipy import stats

from rgteach import LearnerError, setup
from rgteach.stats import error_rates as simulator
from rgteach.stats.error_rates import COUNTS, error_rates
from rgteach.stats.multiplicity import discoveries


@pytest.mark.filterwarnings("ignore::rgteach.LearnerWarning")
@pytest.mark.parametrize("method", COUNTS)
def test_counts__are_those_of_the_procedures(method):
    p = np.random.default_rng(0).random((40, 120)) ** np.arange(1, 5).repeat(10)[:, None]
    cutoffs = simulator._cutoffs(p, 0.1, method)
    for row, cutoff in zip(p, cutoffs, strict=True):
        expected = row <= 0.1 if method == "none" else discoveries(row, 0.1, method).mask
        assert np.array_equal(row <= cutoff, expected)


@pytest.mark.parametrize(
    ("method", "rate", "expected"),
    [
        ("none", "pcer", 0.05),
        ("none", "fwer", 1 - 0.95**20),
        ("bonferroni", "fwer", 1 - (1 - 0.05 / 20) ** 20),
        ("sidak", "fwer", 0.05),
        ("bh", "fwer", 0.05),  # without true effects FDR and FWER are the same
        ("bh", "fdr", 0.05),
        ("holm", "fwer", 1 - (1 - 0.05 / 20) ** 20),
    ],
)
def test_error_rates__under_the_global_null(method, rate, expected):
    rates = error_rates(n_tests=20, n_effects=0, method=method, repetitions=20_000, seed=1)
    found = getattr(rates, rate)
    assert abs(found.value - expected) < 4 * found.se
    assert np.isnan(rates.power.value)


def test_error_rates__bh_holds_pi0_times_alpha():
    """For independent tests the FDR is exactly alpha m0 / m (Benjamini and Yekutieli 2001, theorem 5.1)."""
    rates = error_rates(n_tests=50, n_effects=20, effect=2.5, alpha=0.2, repetitions=20_000, seed=2)
    assert abs(rates.fdr.value - 0.2 * 30 / 50) < 4 * rates.fdr.se


def test_error_rates__power_of_a_single_test_is_the_textbook_one():
    rates = error_rates(n_tests=1, n_effects=1, effect=2.8, method="none", repetitions=20_000, seed=3)
    bound = stats.norm.isf(0.025)
    expected = stats.norm.sf(bound - 2.8) + stats.norm.cdf(-bound - 2.8)
    assert abs(rates.power.value - expected) < 4 * rates.power.se
    assert rates.fwer.value == 0


def test_error_rates__correlated_blocks_keep_the_mean_and_widen_the_spread():
    apart, together = (
        error_rates(n_tests=200, n_effects=0, method="none", repetitions=4000, correlation=r, block=100)
        for r in (0.0, 0.8)
    )
    assert abs(apart.pcer.value - 0.05) < 4 * apart.pcer.se
    assert abs(together.pcer.value - 0.05) < 4 * together.pcer.se
    assert together.pcer.se > 3 * apart.pcer.se
    assert together.fwer.value < apart.fwer.value - 0.1


def test_noise__has_the_correlation_asked_for():
    noise = np.concatenate(list(simulator._noise(np.random.default_rng(4), 20_000, 6, 0.6, 3)))
    wanted = np.kron(np.eye(2), np.full((3, 3), 0.6)) + 0.4 * np.eye(6)
    assert np.allclose(np.cov(noise.T), wanted, atol=0.04)


def test_noise__does_not_depend_on_how_many_studies_are_made_at_once(monkeypatch):
    whole = error_rates(n_tests=30, n_effects=5, repetitions=50, correlation=0.3, block=7, seed=5)
    monkeypatch.setattr(simulator, "NUMBERS_AT_ONCE", 100)
    assert error_rates(n_tests=30, n_effects=5, repetitions=50, correlation=0.3, block=7, seed=5) == whole


def test_error_rates__the_ladder_of_procedures():
    order = ["bonferroni", "holm", "hochberg", "bh", "none"]
    rates = [error_rates(method=method, repetitions=50, seed=6) for method in order]
    found = [each.n_discoveries.value for each in rates]
    assert found == sorted(found)
    assert all(each.power.value > 0 for each in rates)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"n_tests": 0}, "bad-count"),
        ({"repetitions": 1}, "bad-count"),
        ({"n_tests": 10, "n_effects": 11}, "more-effects-than-tests"),
        ({"correlation": 1}, "out-of-range"),
        ({"alpha": 0}, "out-of-range"),
        ({"method": "fdr"}, "unknown-option"),
        ({"n_test": 5}, "unknown-setting"),
    ],
)
def test_error_rates__refuses_what_cannot_be(settings, key):
    with pytest.raises(LearnerError) as caught:
        error_rates(**settings)
    assert caught.value.key == key


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__read_in_both_languages(lang):
    setup(lang)
    for n in (0, 5):
        rates = error_rates(n_tests=10, n_effects=n, repetitions=5)
        assert "{" not in repr(rates)
        assert rates._repr_html_().startswith("<div")
