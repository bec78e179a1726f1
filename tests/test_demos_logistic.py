"""What the separation demo claims in its answer is true at every setting it speaks of."""

import numpy as np
import pytest
import statsmodels.api as sm

import rgteach as rg
from rgteach.demos import logistic as demo

APART = [place for place in demo.PLACES if place < demo.LOWEST_MUTANT]
OVERLAP = [place for place in demo.PLACES if place > demo.LOWEST_MUTANT]


def seen(place=0.0, steps=10, size=6):
    return demo.compute(place, steps, size).features


def test_numbers__are_those_of_statsmodels_where_the_groups_overlap():
    view = demo.compute(0.8, 25, 12)
    fit = sm.Logit(view.y.astype(float), sm.add_constant(view.x)).fit(disp=0)
    assert view.ml == pytest.approx(tuple(fit.params), rel=1e-6)
    assert view.features["se"] == pytest.approx(fit.bse[1], rel=1e-6)
    assert view.features["p_wald"] == pytest.approx(fit.pvalues[1], rel=1e-6)
    assert view.features["p_lr"] == pytest.approx(fit.llr_pvalue, rel=1e-6)


@pytest.mark.parametrize("size", demo.SIZES)
def test_state__is_told_exactly(size):
    assert {seen(place, size=size)["state"] for place in OVERLAP} == {0}
    assert seen(demo.LOWEST_MUTANT, size=size)["state"] == 1
    assert {seen(place, size=size)["state"] for place in APART} == {2}


def test_answer__the_slope_of_separated_groups_is_where_the_program_stopped():
    slopes = [seen(steps=steps)["slope"] for steps in (5, 10, 25)]
    assert [round(slope) for slope in slopes] == [7, 32, 107]


@pytest.mark.parametrize("size", demo.SIZES)
@pytest.mark.parametrize("place", [*APART, demo.LOWEST_MUTANT])
def test_answer__it_grows_with_every_step_whether_apart_or_touching_and_more_patients_do_not_help(
    place, size
):
    slopes = [seen(place, steps, size)["slope"] for steps in demo.STEPS]
    assert slopes == sorted(set(slopes))
    assert slopes[-1] > 5 * slopes[0]
    assert seen(place, 25, size)["p_wald"] > 0.99


def test_answer__the_likelihood_ratio_falls_while_walds_p_climbs():
    lr = [seen(place, steps=25)["p_lr"] for place in demo.PLACES]
    assert np.all(np.diff(lr[:7]) < 0)
    assert lr[6:] == pytest.approx([lr[6]] * 4, rel=1e-6)  # apart is apart
    assert (round(lr[0], 3), round(lr[-1], 5)) == (0.006, 0.00005)
    wald = [seen(place, steps=25)["p_wald"] for place in OVERLAP]
    assert wald == sorted(wald)
    assert round(wald[0], 2) == 0.05
    assert wald[-1] > 0.4


def test_answer__firths_slope_does_not_depend_on_the_steps_and_stays_between_1_and_2_1():
    slopes = [seen(place)["firth"] for place in demo.PLACES]
    assert (round(min(slopes), 1), round(max(slopes), 1)) == (1.0, 2.1)
    assert seen(steps=5)["firth"] == seen(steps=25)["firth"]
    assert seen()["firth_high"] > 5 * seen()["firth"]


def test_draw__marks_the_moved_patient_and_names_both_curves():
    fig, axes = rg.plots.new_axes(2)
    demo.draw(axes, demo.compute(-0.4, 10, 6))
    assert any(list(line.get_xdata()) == [-0.4] for line in axes[0].lines)
    assert "Newton" in rg.plots.picture(fig).alt
