"""What the speaker's notes of the course promise of a demo is what the room will see."""

import pytest

import rgteach as rg


def numbers(name, **settings):
    """The numbers of a demo, settings not given as in its opening view."""
    demo = rg.demo(name)
    return demo.recipe.compute(**(demo.opening() | settings)).features


def moved(before, after):
    return {name for name in before if before[name] != pytest.approx(after[name], rel=1e-6)}


def test_lab_01__with_a_fixed_count_only_mean_and_variance_move():
    assert moved(numbers("histogram"), numbers("histogram", change=(2, 300))) == {"mean", "variance"}


def test_lab_01__with_a_fixed_width_entropy_gains_a_bit_and_a_window_takes_variance():
    width = {"bins": ("width", 25)}
    before, after = numbers("histogram", **width), numbers("histogram", change=(2, 300), **width)
    assert after["ih_entropy"] - before["ih_entropy"] == pytest.approx(1, abs=0.02)
    assert after["ih_variance"] / before["ih_variance"] == pytest.approx(4, rel=0.01)
    narrow = numbers("histogram", change=(2, 300), window=(20, 80), **width)
    assert 0.2 < narrow["variance"] / after["variance"] < 0.3


def test_lab_02__contrast_is_highest_where_the_square_lies_across_the_edge():
    contrast = {place: numbers("glcm", place=place)["contrast"] for place in range(0, 50, 5)}
    assert max(contrast, key=contrast.get) == 15
    assert contrast[45] < contrast[0] < contrast[15]


def test_lab_02__neighbours_forget_each_other_and_small_squares_jump():
    assert abs(numbers("glcm", distance=5)["correlation"]) < 0.05
    assert numbers("glcm", distance=5)["contrast"] > numbers("glcm")["contrast"]
    small, beside = numbers("glcm", side=6), numbers("glcm", side=6, place=-5)
    assert beside["contrast"] > 2 * small["contrast"]


def test_lab_04__a_far_value_moves_the_t_test_and_not_the_ranks():
    here, up, down = (numbers("wilcoxon", outlier=added) for added in (0, 20, -20))
    assert up["u"] == here["u"]
    assert here["p_t"] < 0.05 < up["p_t"]
    assert up["difference"] > here["difference"]
    assert abs(down["difference"]) < 0.02
    assert here["auc"] - down["auc"] == pytest.approx(1 / 20)


def test_lab_04__three_against_three_never_falls_below_a_tenth():
    least = min(numbers("wilcoxon", size=3, shift=shift)["p_wilcoxon"] for shift in (0.0, 0.5, 1.0, 1.5, 2.0))
    assert least == pytest.approx(0.1)


def test_lab_05__on_the_way_the_ratio_falls_wald_climbs_and_firth_stays():
    way = [numbers("logistic", place=place) for place in (0.8, 0.5, 0.4, 0.3, 0)]
    ratio = [one["p_lr"] for one in way]
    assert ratio == sorted(ratio, reverse=True)
    assert way[0]["p_wald"] < 0.2
    assert way[1]["p_wald"] > 0.4
    few, many = (numbers("logistic", place=0, steps=steps) for steps in (5, 25))
    assert 3.5 < few["slope"] / few["firth"] < 4.5
    assert many["slope"] / many["firth"] > 50
    assert few["firth"] == many["firth"]


def test_lab_06__rare_effects_hide_among_as_many_false_ones():
    none, some, more = (numbers("fdr", share=share) for share in (0, 5, 10))
    assert 40 <= none["none_false"] <= 60
    assert none["bonferroni_false"] == none["bh_false"] == 0
    assert abs(some["none_false"] - more["none_false"]) <= 2
    assert some["none_fdr"] > more["none_fdr"]
    weak = numbers("fdr", share=5, effect=1.0)
    assert weak["bonferroni_true"] == weak["bh_true"] == 0


def test_lab_07__the_lasso_picks_others_each_time_and_the_net_takes_the_family():
    demo = rg.demo("lasso")
    picked = []
    for draw in range(1, 7):
        view = demo.recipe.compute(**(demo.opening() | {"draw": draw}))
        picked.append(tuple(view.coef != 0))
        assert 1 <= view.features["moved_in"] <= 3
        assert numbers("lasso", draw=draw, share=1, mix=0.2)["moved_in"] in (7, 8)
        weak = numbers("lasso", draw=draw, share=0.02)
        assert weak["still_in"] > view.features["still_in"]
        assert weak["explained"] > view.features["explained"]
    assert len(set(picked)) == 6
