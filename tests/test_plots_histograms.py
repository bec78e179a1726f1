"""The pictures of lab 01 say what the numbers say, in both languages."""

import numpy as np
import pytest
from drawings import EIGHT

import rgteach as rg
from rgteach.plots import histograms
from rgteach.plots.page import alt_text, new_axes


def test_number_line__gives_the_last_edge_to_the_last_bin():
    fig, ax = new_axes()
    histograms.number_line(ax, EIGHT, [2, 4, 6, 8, 10])
    colours = ax.collections[0].get_array()
    assert colours.tolist() == [1, 1, 1, 1, 2, 2, 3, 4]


def test_number_line__describes_the_bins_it_draws():
    rg.setup("en")
    fig, ax = new_axes()
    histograms.number_line(ax, EIGHT, [2, 4, 6, 8, 10])
    assert "4, 2, 1, 1 voxels" in alt_text(fig)


@pytest.mark.parametrize("moment", ["skewness", "kurtosis"])
def test_shapes__have_the_moments_that_they_name(moment):
    fig, ax = new_axes()
    histograms.shapes(ax, moment)
    x = np.linspace(-30, 30, 60001)
    curves = {"skewness": histograms._lopsided, "kurtosis": histograms._tailed}[moment](x)
    step = x[1] - x[0]
    for named, density in curves.items():
        assert (density * step).sum() == pytest.approx(1, abs=1e-3)
        assert (x * density * step).sum() == pytest.approx(0, abs=1e-3)
        assert (x**2 * density * step).sum() == pytest.approx(1, abs=2e-3)
        power = {"skewness": 3, "kurtosis": 4}[moment]
        excess = 3 if moment == "kurtosis" else 0
        assert (x**power * density * step).sum() - excess == pytest.approx(named, abs=5e-3)


def test_overlay__of_equal_regions_draws_equal_steps():
    fig, ax = new_axes()
    values = np.random.default_rng(0).normal(size=100)
    histograms.overlay(ax, {"a": values, "b": values[::-1]})
    first, second = (patch.get_data().values for patch in ax.patches)
    assert np.array_equal(first, second)


def test_cohort__shows_every_patient_in_every_column():
    fig, ax = new_axes()
    table = {"mean": np.arange(7.0), "variance": np.arange(7.0) ** 2}
    histograms.cohort(ax, table, np.arange(7) < 3)
    drawn = [line for line in ax.lines if line.get_marker() != "None" and len(line.get_xdata())]
    assert sum(len(line.get_xdata()) for line in drawn) == 14
