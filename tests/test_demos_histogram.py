"""What the demo of lab 01 says in its answer and its talking points is what its sliders show."""

import numpy as np
import pytest

from rgteach.demos import histogram


def moved(bins=("count", 32), window=(0, 100), change=(1, 0)):
    """The features that differ from the opening view."""
    view = histogram.compute(bins, window, change)
    return {
        n for n in histogram.SHOWN if not np.isclose(view.features[n], view.opening[n], rtol=1e-6, atol=1e-9)
    }


def test_histogram_answer__shift_and_scale_with_a_fixed_number_of_bins():
    assert moved(change=(1, 300)) == {"mean"}
    assert moved(change=(2, 300)) == moved(change=(0.5, 0)) == {"mean", "variance"}
    assert moved(change=(-1, 1500)) >= {"mean", "skewness", "ih_skewness"}
    assert "kurtosis" not in moved(change=(-1, 1500))


@pytest.mark.parametrize("width", [100, 50, 25])
def test_histogram_answer__twice_the_scale_with_a_fixed_width_is_one_bit(width):
    plain = histogram.compute(("width", width), (0, 100), (1, 0)).features
    shifted = histogram.compute(("width", width), (0, 100), (1, 300)).features
    doubled = histogram.compute(("width", width), (0, 100), (2, 0)).features
    assert shifted["ih_entropy"] == plain["ih_entropy"]
    assert doubled["ih_entropy"] - plain["ih_entropy"] == pytest.approx(1, abs=0.05)
    assert doubled["ih_variance"] / plain["ih_variance"] == pytest.approx(4, rel=0.05)


def test_histogram_answer__a_window_cuts_variance_and_kurtosis():
    whole, cut = (
        histogram.compute(("count", 32), window, (1, 0)).features for window in ((0, 100), (10, 90))
    )
    assert cut["variance"] < whole["variance"]
    assert cut["kurtosis"] < whole["kurtosis"]


def test_histogram_window__never_closes():
    tumour = histogram._patient()[1].sum()
    for window in ((0, 0), (50, 50), (100, 100)):
        kept = histogram.compute(("count", 32), window, (1, 0)).kept.sum()
        assert kept / tumour == pytest.approx(histogram.LEAST_KEPT / 100, abs=0.02)
