"""What the demo of lab 06 says in its answer is what its sliders show."""

import numpy as np
import pytest

from rgteach.demos import fdr

START = {control.name: control.start for control in fdr.controls()}
SHARES, ALPHAS, EFFECTS = (control.choices for control in fdr.controls())


def view(**settings):
    return fdr.compute(**(START | settings))


def test_counts__add_up_to_the_study():
    for share in SHARES:
        seen = view(share=share)
        for true, false, missed in seen.counts.values():
            assert true + missed == seen.real.sum() == 10 * share
            assert 0 <= false <= (~seen.real).sum()


def test_counts__follow_from_the_p_values_drawn():
    seen = view()
    assert seen.counts["none"][:2] == (
        np.sum(seen.p[seen.real] <= 0.05), np.sum(seen.p[~seen.real] <= 0.05),
    )  # fmt: skip
    assert sum(seen.counts["bonferroni"][:2]) == np.sum(seen.p <= 0.05 / fdr.N_TESTS)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_answer__without_effects_every_discovery_is_false(alpha):
    seen = view(share=0, alpha=alpha)
    assert seen.counts["none"][1] == pytest.approx(1000 * alpha, abs=3 * np.sqrt(1000 * alpha))
    if alpha <= 0.1:
        assert seen.counts["bonferroni"][1] + seen.counts["bh"][1] == 0
    assert seen.features["bh_fdr"] <= alpha + 3 * np.sqrt(alpha / fdr.STUDIES)


def test_answer__uncorrected_false_ones_depend_little_on_what_is_true_but_their_share_does():
    false = [view(share=share).counts["none"][1] for share in (0, 1, 2, 5, 10)]
    assert max(false) - min(false) <= 12
    assert view(share=1).features["none_fdr"] > 0.8
    assert view(share=80).features["none_fdr"] < 0.03


def test_answer__bonferroni_hardly_errs_and_misses_most_effects_of_three_standard_errors():
    for share in SHARES[1:]:
        true, false, missed = view(share=share).counts["bonferroni"]
        assert false <= 1
        assert missed > true


def test_answer__benjamini_hochberg_misses_less_where_there_is_more_to_find():
    missed = [view(share=share).counts["bh"][2] / (10 * share) for share in SHARES[3:]]
    assert missed == sorted(missed, reverse=True)
    assert missed[-1] < missed[0] / 1.5


@pytest.mark.parametrize("share", SHARES[1:])
@pytest.mark.parametrize("effect", [2.0, 3.0, 5.0])
def test_answer__the_mean_share_of_false_ones_stays_at_alpha_or_below(share, effect):
    for alpha in (0.05, 0.2):
        assert view(share=share, effect=effect, alpha=alpha).features["bh_fdr"] <= alpha * 1.35 + 0.01


def test_answer__effects_of_one_standard_error_are_nearly_all_missed_after_correction():
    for method in ("bonferroni", "bh"):
        assert view(effect=1.0).counts[method][2] >= 0.95 * 50


def test_rows__a_study_without_discoveries_has_no_share():
    header, lines = fdr.rows(view(share=0, alpha=0.001))
    assert len(header) == len(lines[0]) == 6
    assert lines[1][4] == "–"
