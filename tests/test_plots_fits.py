"""Pictures of lab 05 say in words what they show, and draw what they were given."""

import numpy as np
import pytest
from drawings import X, Y

import rgteach as rg
from rgteach import wording
from rgteach.plots.page import alt_text

fits, odds = rg.plots.fits, rg.plots.odds


@pytest.fixture
def ax():
    return rg.plots.new_axes()[1]


def alt(ax):
    return alt_text(ax.figure)


def test_patients__are_all_there_with_their_curve(ax):
    fits.patients(ax, X, Y, curves={"fit": (-0.3, 1.1)}, feature="texture")
    assert sum(len(line.get_xdata()) for line in ax.lines[:2]) == len(X)
    curve = ax.lines[2]
    assert curve.get_ydata()[0] == pytest.approx(1 / (1 + np.exp(0.3 + 2.2)))
    assert "wild type, 4 patients" in alt(ax)
    assert "“fit”: from a probability of 0.076" in alt(ax)


def test_patients__an_empty_group_and_doublings_are_drawn(ax):
    fits.patients(ax, X, np.zeros(8), feature="texture", doublings=True)
    assert {"1/4", "1", "4"} <= {tick.get_text() for tick in ax.get_xticklabels()}
    assert "mutant, no patients" in alt(ax)


def test_shares__whiskers_are_wilsons_and_the_impossible_is_dashed(ax):
    from statsmodels.stats.proportion import proportion_confint

    low, high = fits._wilson(np.array([1, 8]), np.array([34, 33]))
    expected = proportion_confint([1, 8], [34, 33], method="wilson")
    assert np.allclose([low, high], expected, rtol=1e-4)
    fits.shares(ax, [-2.0, 2.0], [1, 20], [34, 33], line=(0.3, 0.2))
    dashed = next(line for line in ax.lines if line.get_linestyle() == "--")
    drawn = dashed.get_ydata()[np.isfinite(dashed.get_ydata())]
    assert len(drawn)
    assert np.all((drawn < 0) | (drawn > 1))


def test_shares__log_odds_are_those_of_the_groups(ax):
    fits.shares(ax, [-2.0, 2.0], [1, 20], [34, 33], line=(0.0, 1.0), log_odds=True)
    assert f"(-2.00, {np.log(1 / 33):.2f}), (2.00, {np.log(20 / 13):.2f})" in alt(ax)


def test_sticks__tell_the_likelihood(ax):
    fits.sticks(ax, X[:3], Y[:3], (0.0, 0.0))
    assert "0.50, 0.50, 0.50; their product is 0.125" in alt(ax)


def test_hill__is_highest_where_the_fit_is(ax):
    fit = rg.logistic(X, Y)
    top = np.array([[fit.intercept]]), np.array([[fit.coef[0]]])
    assert fits._loglik(X, Y == 1, *top)[0, 0] == pytest.approx(fit.loglik)
    fits.hill(ax, X, Y, {"Newton": [(0, 0), (fit.intercept, fit.coef[0])]}, top=(fit.intercept, fit.coef[0]))
    assert "Newton: 1 steps, ending at" in alt(ax)


def test_slopes__mean_spread_and_truth_are_told(ax):
    odds.slopes(ax, [0.8, 1.0, 1.2], 1.0, 0.15)
    assert "3 simulated studies: mean 1.00, standard deviation 0.163; slope put in: 1.00" in alt(ax)


def test_three_tests__measure_height_distance_and_steepness(ax):
    b = np.linspace(-1, 3, 401)
    odds.three_tests(ax, b, -0.5 * ((b - 1) / 0.5) ** 2, top=(1.0, 0.0), se=0.5)
    assert "the top is 2.00 higher" in alt(ax)
    assert "2.00 standard errors away" in alt(ax)
    assert "the slope of the hill is 4.00" in alt(ax)


def test_runaway__a_line_that_still_rises_has_no_top(ax):
    b = np.linspace(0, 10, 50)
    odds.runaway(ax, b, {"ML": -np.exp(-b), "Firth": -((b - 2) ** 2)}, {"solver": 8.5})
    assert "ML: highest at no place" in alt(ax)
    assert "Firth: highest at 2.0" in alt(ax)
    assert "solver stopped at 8.5" in alt(ax)


def test_few_events__infinite_slopes_stand_at_the_edge_and_keep_the_median(ax):
    found = {"ml": [[1.0, 1.2, np.inf], [1.5, np.inf, np.inf]], "firth": [[0.9, 1.0, 1.1], [0.8, 1.0, 1.4]]}
    odds.few_events(ax, (1, 4), found, truth=1.0, n_events=12)
    assert "medians 1.20, inf" in alt(ax)
    assert all(np.isfinite(line.get_ydata()).all() for line in ax.lines[:2])


def test_forest__puts_the_ratios_on_a_scale_of_doublings(ax):
    odds.forest(ax, {"alone": {"one": (2.0, 1.0, 4.0)}, "both": {"one": (1.1, 0.5, 2.2)}}, {"one": 1.0})
    assert ax.get_xscale() == "log"
    assert {"1/2", "1", "2"} <= {tick.get_text() for tick in ax.get_xticklabels()}
    assert "one (alone): odds ratio 2.00, 1.00 to 4.00." in alt(ax)
    assert "Known truth: one 1.00." in alt(ax)


def test_by_scanner__each_scanner_has_its_curve(ax):
    odds.by_scanner(ax, X, Y, np.tile([0, 1], 4), (0.0, 0.5, -1.0), feature="texture")
    assert "scanner A: 4 patients, 2 mutants" in alt(ax)
    assert "curve from 0.12 to 0.50" in alt(ax)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_words__no_brackets_left_in_either_language(lang):
    wording.choose(lang)
    ax = rg.plots.new_axes()[1]
    fits.sticks(ax, X, Y, (0.0, 1.0), feature="texture", doublings=True)
    odds.forest(rg.plots.new_axes()[1], {"m": {"a": (0.01, 0.001, 0.4)}})
    assert "{" not in alt(ax)
