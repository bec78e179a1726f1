"""Pictures of penalised models show what they are given, in both languages, and say it in words."""

import numpy as np
import pytest

import rgteach as rg
from rgteach import wording
from rgteach.plots import page, paths, penalties, selected


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 12)) * np.linspace(1, 5, 12)
    return X, (X[:, 0] - X[:, 3] / 2 + rng.normal(size=60) > 0).astype(int)


@pytest.fixture
def ax():
    return page.new_axes()[1]


def text(ax):
    return page.alt_text(ax.figure)


def test_price__the_marks_stand_at_the_soft_threshold(ax):
    penalties.price(ax, -0.4, (0, 0.1, 0.5))
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [round(float(line.get_xdata()[0]), 6) for line in marks] == [-0.4, -0.3, 0.0]
    for curve, mark in zip(ax.lines[0::2], marks, strict=False):
        assert curve.get_ydata().min() == pytest.approx(mark.get_ydata()[0], abs=1e-3)
    assert "b = -0.30" in text(ax)


def test_rules__lasso_is_flat_inside_and_ridge_never_zero(ax):
    penalties.rules(ax, 0.3, ("soft", "ridge", "elastic"))
    soft, ridge, elastic = (dict(zip(*line.get_data(), strict=True)) for line in ax.lines[:3])
    inside = [x for x in soft if 0 < abs(x) < 0.3]
    assert all(soft[x] == 0 for x in inside)
    assert all(ridge[x] == pytest.approx(x / 1.3) for x in inside)
    assert elastic[max(elastic)] == pytest.approx((0.9 - 0.15) / 1.15)


def test_walk__ends_where_it_is_told(ax):
    steps = [(0, 0), (0.2, 0), (0.2, 0.3)]
    penalties.walk(ax, lambda a, b: a * a + b * b, steps, names=("one", "two"), others={"λ = 0": (0.1, 0.4)})
    star = next(line for line in ax.lines if line.get_marker() == "*")
    assert star.get_xydata().tolist() == [[0.2, 0.3]]
    assert ax.get_xlim()[1] > 0.2
    assert "λ = 0: 0.10, 0.40" in text(ax)


def test_path__draws_every_feature_that_comes_in_strong_penalties_on_the_left(ax, data):
    path = rg.lasso_path(*data, family="binomial", n_lam=20)
    paths.path_lines(ax, path, scale=data[0].std(axis=0), named=3, marks={"here": path.lam[5]})
    drawn = [line for line in ax.lines if len(line.get_xdata()) == 20]
    assert len(drawn) == np.count_nonzero(path.coef.any(axis=0))
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    legend = [entry.get_text() for entry in ax.get_legend().get_texts()]
    assert len(legend) == 3
    assert legend[0] in path.point(1).nonzero()
    ends = (path.coef * data[0].std(axis=0))[-1]
    place = path.names.index(legend[0])
    assert f"{legend[0]}: {ends[place]:+.2f}" in text(ax)


def test_path__of_one_penalty_or_without_features_is_drawn(ax, data):
    path = rg.lasso_path(*data, family="binomial", n_lam=1)
    paths.path_lines(ax, path)
    assert "0 features in the model at the left" in text(ax)


def test_path__groups_share_a_colour(ax, data):
    path = rg.lasso_path(*data, family="binomial", l1_ratio=0.0, n_lam=10)
    paths.path_lines(ax, path, groups={"a": [0, 1], "b": [2]})
    colours = [
        line.get_color() for line in ax.lines if line.get_zorder() == 2 and len(line.get_xdata()) == 10
    ]
    assert len(colours) == 3
    assert colours[0] == colours[1] != colours[2]


@pytest.mark.parametrize("measure", ["deviance", "auc", "misclassification"])
def test_errors__mark_both_choices_and_the_band(ax, data, measure):
    cv = rg.lasso_cv(*data, family="binomial", measure=measure, folds=5, n_lam=30)
    paths.error_curve(ax, cv)
    marks = [line.get_xydata()[0].tolist() for line in ax.lines if line.get_marker() in ("o", "D")]
    assert marks == [[cv.lam_min, cv.error[cv.best]], [cv.lam_1se, cv.error[cv.sparse]]]
    for place in (cv.best, cv.sparse):
        assert f"{cv.error[place]:.3g} ± {cv.se[place]:.2g}" in text(ax)
    assert ax.get_ylabel() == wording.say(f"lab07-error-{measure}")


def test_errors__of_a_measured_outcome_have_their_own_name(ax, data):
    X, _ = data
    for measure in ("mse", "mae"):
        cv = rg.lasso_cv(X, X[:, 2] + 1.0, measure=measure, folds=5, n_lam=10)
        assert paths.error_curve(ax, cv).get_ylabel() == wording.say(f"lab07-error-{measure}")


def test_swaps__the_most_often_chosen_is_on_top(ax):
    chosen = np.zeros((6, 4), bool)
    chosen[:, 2] = True
    chosen[:2, 0] = True
    selected.swaps(ax, chosen, ["a", "b", "c", "d"], bold=["c"])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["c  6", "a  2"]
    assert "2 features were chosen at least once" in text(ax)


def test_often__fills_those_that_reach_the_threshold(ax, data):
    found = rg.stability_selection(*data, family="binomial", pairs=10, q=4)
    selected.often(ax, found)
    filled = [line for line in ax.lines if line.get_marker() == "D"]
    assert len(filled) == len(found.selected) > 0
    assert f"{100 * found.threshold:.0f} %" in text(ax)


def test_columns__draw_every_study_and_its_mean(ax):
    selected.columns(ax, {"everybody": [0.9, 0.8], "inside": [0.4, 0.5, 0.6]})
    points = [line for line in ax.lines if line.get_marker() in ("o", "s")]
    assert [len(line.get_xdata()) for line in points] == [2, 3]
    assert "mean 0.85" in text(ax)
    assert "from 0.40 to 0.60" in text(ax)


@pytest.mark.parametrize("kind", selected.KINDS)
@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_columns__have_a_name_in_both_languages(ax, kind, lang):
    wording.choose(lang)
    selected.columns(ax, {kind: [0.5]}, chance=None)
    assert wording.say(f"lab07-column-{kind}") in text(ax)


def test_moved__counts_the_true_ones_among_the_chosen(ax):
    selected.moved(ax, [0.8, 0, 0.7, 0], chosen=[0, 1], stable=[0])
    assert "2 are moved" in text(ax)
    assert "Of 2 features in the model 1 are among those moved" in text(ax)


def test_moved__works_where_nothing_moves_and_nothing_is_chosen(ax):
    selected.moved(ax, [0.0, 0.0], chosen=[], stable=[])
    assert "0 are moved" in text(ax)


def test_short__keeps_both_ends_of_a_long_name():
    name = "wavelet-HLL_glszm_LargeAreaLowGrayLevelEmphasis"
    assert len(paths.short(name)) == 24
    assert paths.short(name).startswith("wavelet")
    assert paths.short(name).endswith("Emphasis")
    assert paths.short("texture_001") == "texture_001"
