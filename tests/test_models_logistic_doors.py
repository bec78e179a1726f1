"""What logistic regression takes, what it refuses with which sentence, and how it looks."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import rgteach
from rgteach import LearnerError, LearnerWarning
from rgteach.models.logistic import logistic
from rgteach.models.logistic.problem import pose

X8 = np.array([[1.0, 5], [2, 3], [3, 8], [4, 1], [5, 9], [6, 2], [2, 2.5], [5, 8.5]])
Y8 = [0, 1] * 4


def refused(key, *args, **settings):
    with pytest.raises(LearnerError) as caught:
        logistic(*args, **settings)
    assert caught.value.key == key
    for lang in ("zh", "en"):
        rgteach.setup(lang)
        assert "{" not in str(caught.value)
    return caught.value.values


# ---------------------------------------------------------------- outcomes


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        ([0, 1] * 4, (0, 1)),
        ([False, True] * 4, (0, 1)),
        ([1, 2] * 4, (1, 2)),
        ([-0.5, 2.5] * 4, (-0.5, 2.5)),
        (["mutant", "wild type"] * 4, ("mutant", "wild type")),
        (np.array(["a", "b"] * 4), ("a", "b")),
        (pd.Series(["no", "yes"] * 4, dtype="category"), ("no", "yes")),
        (pd.Series([0, 1] * 4, dtype="Int64"), (0, 1)),
        (pd.Series([False, True] * 4, dtype="boolean"), (0, 1)),
        (np.array([[0], [1]] * 4), (0, 1)),
    ],
    ids=["ints", "bools", "one-two", "floats", "labels", "strings", "category", "Int64", "boolean", "table"],
)
def test_outcome__the_event_is_the_larger_or_the_second(y, classes):
    fit = logistic(X8, y)
    assert fit.classes == classes
    assert fit.n_events == 4
    assert np.allclose(fit.coef, logistic(X8, Y8).coef, rtol=1e-12)
    assert f"y = {classes[1]}" in repr(fit)


@pytest.mark.parametrize(("y", "event"), [(["a", "b"] * 4, "a"), ([0, 1] * 4, 0), ([1, 2] * 4, 1)], ids=str)
def test_outcome__the_event_can_be_named(y, event):
    fit = logistic(X8, y, event=event)
    assert fit.classes[1] == event
    assert np.allclose(fit.coef, -logistic(X8, Y8).coef, rtol=1e-12)


def test_outcome__what_is_no_event_is_refused():
    assert "0, 1" in refused("logistic-unknown-event", X8, Y8, event=2)["known"]
    refused("logistic-unknown-event", X8, ["a", "b"] * 4, event="c")
    refused("logistic-unknown-event", X8, Y8, event="1")


def test_outcome__one_class_more_classes_or_none():
    assert refused("logistic-one-class", X8, [1] * 8)["label"] == "1"
    assert refused("logistic-one-class", X8, ["no"] * 8)["label"] == "no"
    assert refused("logistic-many-classes", X8, [0, 1, 2, 0, 1, 2, 0, 1])["shown"] == "0, 1, 2"
    assert refused("logistic-many-classes", X8, list("abcdefgh"))["shown"] == "a, b, c, d, e, …"
    refused("logistic-no-outcome", X8, [np.nan] * 8, missing="drop")
    refused("logistic-no-outcome", X8, [None] * 8, missing="drop")
    refused("not-a-column", X8, [["a", "b"]] * 8)


# ---------------------------------------------------------------- columns


def test_columns__constant_or_collinear_ones_are_named():
    table = pd.DataFrame(X8, columns=["age", "grade"])
    assert "flat" in refused("constant-columns", table.assign(flat=3.0), Y8)["told"]
    assert "twice = 2 × age" in refused("collinear-columns", table.assign(twice=2 * table["age"]), Y8)["told"]
    shifted = table.assign(sum=table["age"] + table["grade"] + 1e8)
    assert "sum" in refused("collinear-columns", shifted, Y8)["told"]


def test_columns__a_constant_is_welcome_where_there_is_no_intercept():
    fit, usual = logistic(np.column_stack([np.ones(8), X8]), Y8, intercept=False), logistic(X8, Y8)
    assert np.allclose(fit.coef, np.r_[usual.intercept, usual.coef], rtol=1e-9)
    refused("constant-columns", np.column_stack([np.zeros(8), X8]), Y8, intercept=False)


def test_columns__nearly_collinear_ones_are_refused_too():
    rng = np.random.default_rng(0)
    x = rng.normal(size=100)
    X = np.column_stack([x, rng.normal(size=100), x + 1e-6 * rng.normal(size=100)])
    values = refused("logistic-nearly-collinear", X, rng.integers(0, 2, 100))
    assert values["names"] == "x0, x2"


def test_columns__as_many_as_patients_or_none():
    rng = np.random.default_rng(0)
    assert refused("logistic-too-wide", rng.normal(size=(8, 8)), Y8) == {"n": 8, "p": 8}
    refused("logistic-no-columns", np.empty((8, 0)), Y8)


# ---------------------------------------------------------------- gaps, weights, settings


def test_gaps__are_refused_or_dropped_and_counted():
    rng = np.random.default_rng(1)
    X, y, weights = rng.normal(size=(60, 2)), rng.integers(0, 2, 60).astype(float), rng.uniform(1, 2, 60)
    full = (X[:50].copy(), y[:50].copy(), weights[:50].copy())
    X[50:54, 0], y[54:57], weights[57:] = np.nan, np.nan, np.nan
    for part in ((X, full[1]), (X, y), (full[0], y)):
        with pytest.raises(LearnerError):
            logistic(*part)
    refused("has-gaps", X[:50], np.where(np.arange(50) == 3, None, "a"))
    fit = logistic(X, y, weights=weights, missing="drop")
    assert (fit.n_missing, fit.n_rows) == (10, 50)
    assert np.allclose(fit.coef, logistic(*full[:2], weights=full[2]).coef, rtol=1e-12)
    labels = np.where(np.isnan(y), None, np.where(y == 1, "yes", "no"))
    again = logistic(X, labels, weights=weights, missing="drop")
    assert np.array_equal(again.coef, fit.coef)
    assert "10 with missing values" in repr(fit)
    refused("logistic-nobody-left", np.full((8, 1), np.nan), Y8, missing="drop")


def test_weights__below_zero_or_all_zero():
    assert refused("logistic-negative-weights", X8, Y8, weights=[1, 1, -2, 1, -1, 1, 1, 1]) == {
        "n": 2,
        "least": "-2",
    }
    refused("logistic-nobody-left", X8, Y8, weights=[0] * 8)
    refused("logistic-one-class", X8, Y8, weights=[1, 0] * 4)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("unknown-setting", {"penalty": "l2"}),
        ("unknown-option", {"method": "fith"}),
        ("unknown-option", {"missing": "ignore"}),
        ("out-of-range", {"level": 95}),
        ("lengths-differ", {"weights": [1, 2]}),
        ("lengths-differ", {"offset": [1, 2]}),
        ("infinite-values", {"offset": [np.inf] * 8}),
    ],
)
def test_settings__wrong_ones_are_refused(key, settings):
    refused(key, X8, Y8, **settings)


def test_lengths__must_agree():
    refused("lengths-differ", X8, Y8[:5])


# ---------------------------------------------------------------- the result


def test_result__is_frozen_and_leaves_its_input_alone():
    X, y = X8.copy(), list(Y8)
    fit = logistic(X, y)
    with pytest.raises(dataclasses.FrozenInstanceError):
        fit.coef = 0
    assert np.array_equal(X, X8)
    assert y == Y8


def test_result__two_calls_give_the_same_bits():
    one, other = logistic(X8, Y8), logistic(X8, Y8)
    assert np.array_equal(one.coef, other.coef)
    assert np.array_equal(one.p_lr, other.p_lr)


def test_predict__wants_the_columns_of_the_fit():
    table = pd.DataFrame(X8, columns=["age", "grade"])
    fit = logistic(table, Y8)
    assert np.allclose(fit.predict(table), fit.fitted, rtol=1e-12)
    assert np.allclose(fit.predict(X8), fit.fitted, rtol=1e-12)
    shifted = fit.predict(X8, offset=np.ones(8))
    assert np.allclose(np.log(shifted / (1 - shifted)), np.log(fit.fitted / (1 - fit.fitted)) + 1)
    for other in (table[["grade", "age"]], X8[:, :1]):
        with pytest.raises(LearnerError) as caught:
            fit.predict(other)
        assert caught.value.key == "logistic-other-columns"


def test_flags__few_events_are_said():
    fit = logistic(X8, Y8)
    assert fit.flags == ("logistic-flag-few-events",)
    assert "Patients in the rarer class: 4, columns: 2" in repr(fit)
    rng = np.random.default_rng(2)
    assert logistic(rng.normal(size=(80, 2)), np.arange(80) % 2).flags == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("method", ["ml", "firth"])
def test_views__say_all_in_both_languages(lang, method):
    rgteach.setup(lang)
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.normal(size=(60, 2)), columns=["age", "<grade>"])
    fit = logistic(table, np.arange(60) % 2, method=method)
    text, html = repr(fit), fit._repr_html_()
    for part in ("age", "30", "60", f"{fit.odds_ratio[0]:.4g}"):
        assert part in text
        assert part in html
    assert "&lt;grade&gt;" in html
    assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__separation_is_a_sentence_and_infinity_a_sign(lang):
    rgteach.setup(lang)
    x = np.arange(8.0)
    with pytest.warns(LearnerWarning):
        fit = logistic(np.column_stack([x, x % 3]), x > 3)
    text = repr(fit)
    assert "∞" in text
    assert "nan" not in text.lower().replace("covariance", "")
    assert ("complete separation" if lang == "en" else "完全分离") in text


def test_views__a_wide_model_shows_thirty_columns():
    rng = np.random.default_rng(4)
    text = repr(logistic(rng.normal(size=(900, 40)), np.arange(900) % 2))
    assert "and 10 more" in text
    assert "x39" not in text


@pytest.mark.parametrize("intercept", [True, False])
def test_unscale__the_same_log_odds_from_the_columns_as_they_were_given(intercept):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 3)) * [1e-6, 1, 1e9] + [0, 1e8, -3]
    cases = np.column_stack([np.arange(40) % 2, rng.uniform(0.5, 2, 40), np.zeros(40)])
    posed = pose(X, cases, ("a", "b", "c"), intercept=intercept)
    coef = rng.normal(size=3 + intercept)
    b = posed.unscale @ coef
    eta = X @ b[-3:] + (b[0] if intercept else 0)
    assert np.allclose(eta, posed.design @ coef, rtol=1e-7, atol=1e-7)  # b[0] is 1e8 large
