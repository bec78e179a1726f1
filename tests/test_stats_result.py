"""How a result reads: p is never shown as 0, numbers have their intervals, flags are sentences."""

import math
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import rgteach as rg
from rgteach import wording
from rgteach.stats.result import Estimate, TestResult, number_text, p_text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "1"), (0.5, "0.5"), (0.04996, "0.05"), (0.0321, "0.0321"), (9.94e-4, "0.00099"),
        (3.21e-12, "3.2e-12"), (1e-300, "1e-300"), (9e-301, "< 1e-300"), (0.0, "< 1e-300"), (math.nan, "NaN"),
    ],
)  # fmt: skip
def test_p_text__is_never_0(p, text):
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (12, "12"), (1234567.0, "1,234,567"), (-1.5, "-1.5"), (0.123456, "0.1235"),
        (123456.7, "123,457"), (1.23e-7, "1.23e-07"), (math.inf, "∞"), (-math.inf, "-∞"), (math.nan, "NaN"),
    ],
)  # fmt: skip
def test_number_text__has_the_digits_one_reads(number, text):
    assert number_text(number) == text


def every_result():
    x, y = [1.0, 2.0, 2.0, 4.0, 7.5], [2.0, 6.0, 8.0, 9.0, np.nan]
    return {
        "wilcoxon": rg.wilcoxon(x, y, names=("mutant", "wild type")),
        "asymptotic": rg.wilcoxon(x, y, method="asymptotic", alternative="greater"),
        "plain": rg.wilcoxon(x, y, method="asymptotic", correction=False, alternative="less"),
        "untied": rg.wilcoxon([1, 2], [3, 4]),
        "tied": rg.wilcoxon([1, 1], [1, 1]),
        "welch": rg.welch(x, y),
        "student": rg.student(x, y, alternative="less"),
        "levene": rg.levene(x, y),
        "levene-mean": rg.levene(x, y, center="mean"),
        "flat": rg.levene([1, 1], [1, 1]),
        "kruskal": rg.kruskal(x, y, [3.0]),
        "chi-square": rg.chi_square([[3, 1], [1, 3]]),
        "plain-chi-square": rg.chi_square([[3, 1], [1, 3]], correction=False),
        "fisher": rg.fisher([[3, 1], [1, 3]], alternative="greater"),
        "pearson": rg.pearson(x, y, alternative="less"),
        "line": rg.pearson([1, 2, 3], [1, 2, 3]),
        "constant": rg.pearson([1, 2, 3], [1, 1, 1]),
        "spearman": rg.spearman(x, y, alternative="greater"),
        "order": rg.spearman([1, 2, 3], [1, 2, 4]),
    }


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_views__every_test_reads_in_both_languages(lang):
    rg.setup(lang)
    for name, result in every_result().items():
        text, page = repr(result), result._repr_html_()
        assert "{" not in text, name
        assert result.title in text, name
        assert result.title.replace("'", "&#x27;") in page, name
        assert p_text(result.p_value).replace("<", "&lt;") in page, name
        assert all(note in text for note in result.notes), name
        assert len(result.notes) == len(result.flags), name


def test_views__say_who_is_above_whom():
    rg.setup("en")
    text = repr(rg.wilcoxon([1.0, 5, 7], [0.0, 2, 3, 4], names=("mutant", "wild type")))
    assert "a patient of group mutant is above one of group wild type in 75 % of pairs" in text
    assert "mutant: 3, wild type: 4" in text


def test_views__a_share_that_is_nearly_all_is_not_called_all():
    assert "in 99.7 % of pairs" in Estimate("effect-auc", 0.997).sentence(x="x", y="y")
    assert "in 100 % of pairs" in Estimate("effect-auc", 1.0).sentence(x="x", y="y")
    assert "in 0.3 % of pairs" in Estimate("effect-auc", 0.003).sentence(x="x", y="y")


def test_views__missing_values_are_told():
    assert "missing, left out" in repr(rg.wilcoxon([1, 2, np.nan], [3, 4]))
    assert "missing" not in repr(rg.wilcoxon([1, 2], [3, 4]))


def test_flags__sentences_carry_their_numbers():
    assert "p = 0.3333" in rg.wilcoxon([1, 2], [3, 4]).notes[0]


def test_estimate__without_an_interval_shows_none():
    assert Estimate("effect-cramers-v", 0.5).text == "0.5"
    assert "95 % confidence interval 0.25 to 0.75" in Estimate("effect-auc", 0.5, 0.25, 0.75).text
    assert "90 %" in Estimate("effect-auc", 0.5, 0.25, 0.75, 0.9).text


def test_result__is_frozen_and_can_be_kept():
    result = rg.wilcoxon([1, 2], [3, 4])
    with pytest.raises(FrozenInstanceError):
        result.p_value = 0.01
    assert repr(pickle.loads(pickle.dumps(result))) == repr(result)


def test_result__the_smallest_one_needs_no_effect():
    bare = TestResult("wilcoxon", 3.0, 0.2, (4, 5), "exact")
    assert "0.2" in repr(bare)
