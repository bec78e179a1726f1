"""Storey's q-values: the estimate of pi0, its limits, and how the results of this room read."""

from pathlib import Path

import numpy as np
import pytest

import rgteach as rg
from rgteach import LearnerError
from rgteach.stats.multiplicity import adjust, discoveries, q_values

# Table 1 of Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x: 15 comparisons of two drugs
HEART = np.array(
    [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
)  # fmt: skip


def test_q_values__are_pi0_times_bh():
    p = np.r_[np.random.default_rng(7).random(800), np.random.default_rng(8).random(200) ** 8]
    result = q_values(p, above=0.5)
    assert result.pi0 == pytest.approx(np.mean(p >= 0.5) / 0.5, rel=1e-12)
    assert result.q_value == pytest.approx(result.pi0 * adjust(p), rel=1e-12)
    assert result.flags == ()
    assert np.array_equal(np.asarray(result), adjust(p, method="storey")) is (q_values(p).pi0 == result.pi0)
    assert np.array_equal(q_values(p).q_value, adjust(p, method="storey"))


def test_q_values__the_point_is_the_one_of_least_error():
    p = np.r_[np.random.default_rng(9).random(900), np.random.default_rng(1).random(300) ** 10]
    m, points = len(p), np.arange(0.05, 0.951, 0.05)
    shares = [np.mean(p >= point) / (1 - point) for point in points]
    target = np.quantile(shares, 0.1)
    error = [
        np.sum(p >= t) / (m**2 * (1 - t) ** 2) * (1 - np.mean(p >= t)) + (share - target) ** 2
        for t, share in zip(points, shares, strict=True)
    ]
    assert q_values(p).pi0 == pytest.approx(shares[int(np.argmin(error))], rel=1e-12)
    assert 0.68 < q_values(p).pi0 < 0.82  # three quarters are null


def test_q_values__limits_are_flagged():
    with pytest.warns(rg.LearnerWarning, match="15 tests"):
        adjust(HEART, method="storey")
    assert q_values(HEART).flags == ("few-tests",)
    heavy = np.linspace(0.3, 1, 200)
    assert q_values(heavy, above=0.5).pi0 == 1.0
    assert q_values(heavy, above=0.5).flags == ("pi0-above-one",)
    with pytest.raises(LearnerError) as caught:
        q_values(np.linspace(0.001, 0.04, 200))
    assert caught.value.key == "no-large-p"


def test_q_values__a_missing_value_stays_alone():
    result = q_values([*HEART, np.nan])
    assert np.isnan(result.q_value[15])
    assert np.array_equal(result.q_value[:15], q_values(HEART).q_value)
    assert (result.n_tests, result.n_missing) == (15, 1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__read_in_both_languages(lang):
    rg.setup(lang)
    gap = [*HEART, np.nan]
    for result in (discoveries(gap), discoveries([1.0]), q_values(gap), q_values([np.nan])):
        assert "{" not in repr(result)
        assert result._repr_html_().startswith("<div")
    assert ("15 次检验中有 4 个" if lang == "zh" else "4 of 15 tests") in repr(discoveries(gap))


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is read on Linux")
@pytest.mark.parametrize("kind", ["double", "single"])
def test_discoveries__need_little_more_than_a_byte_a_test(kind, root, monkeypatch):
    """80 MB of p-values, 10 MB of mask; a copy or a sort would add 80."""
    monkeypatch.syspath_prepend(root)
    from benchmarks.fdr import extra_memory

    extra_mb, _ = extra_memory(10_000_000, kind)
    assert extra_mb < 10 + 8
