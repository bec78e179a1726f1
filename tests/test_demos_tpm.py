"""What the demo of lab 03 says in its answer and its talking points is what its sliders show."""

import numpy as np
import pytest

import rgteach as rg
from rgteach.demos import tpm as demo

NEAR = 0.03  # chance: at the lowest depth gene 1 still has some thousand fragments


def seen(depth=20, length=demo.LENGTH_ONE, taken=0):
    return demo.compute(depth, length, taken).features


def near(ratio):
    return pytest.approx(ratio, rel=NEAR)


@pytest.mark.parametrize("depth", demo.DEPTHS)
def test_truth__does_not_know_the_sequencing(depth):
    for length in demo.LENGTHS:
        features = seen(depth, length)
        assert features["between_truth"] == 2
        assert features["within_truth"] == 1


@pytest.mark.parametrize("depth", demo.DEPTHS)
def test_answer__counts_follow_the_depth_and_the_units_do_not(depth):
    features = seen(depth)
    assert features["between_counts"] == near(2 * depth / demo.DEPTH_A)
    assert [features[f"between_{unit}"] for unit in ("cpm", "fpkm", "tpm")] == [near(2)] * 3


def test_answer__eightfold_at_80_million_and_half_at_5():
    assert round(seen(80)["between_counts"]) == 8
    assert round(seen(5)["between_counts"], 1) == 0.5
    assert seen(20)["between_counts"] == near(2)  # sequenced alike, they happen to agree


@pytest.mark.parametrize("length", demo.LENGTHS)
def test_answer__counts_and_cpm_follow_the_length_and_fpkm_and_tpm_do_not(length):
    features = seen(length=length)
    for unit in ("counts", "cpm"):
        assert features[f"within_{unit}"] == near(length / demo.LENGTH_ONE)
    for unit in ("fpkm", "tpm"):
        assert features[f"within_{unit}"] == near(1)


def test_answer__fourfold_for_8_kb_beside_2():
    assert round(seen(length=8000)["within_cpm"]) == 4


@pytest.mark.parametrize("depth", demo.DEPTHS)
def test_answer__where_gene_3_takes_half_tpm_says_unchanged_and_fpkm_says_fallen(depth):
    features = seen(depth, taken=50)
    assert features["between_truth"] == 2
    assert features["between_tpm"] == near(1)
    assert features["between_fpkm"] == near(0.44)
    assert features["within_tpm"] == near(1)


@pytest.mark.parametrize("taken", demo.TAKEN)
def test_tpm__is_the_share_of_molecules_whatever_is_taken(taken):
    """Two over what gene 3 leaves to the others, gene 1's own second hundred included."""
    a, b = demo._cells(taken).sum(axis=0)
    assert seen(taken=taken)["between_tpm"] == near(2 * a / b)
    assert demo._cells(taken)[2, 1] / b == pytest.approx(taken / 100)


def test_misleads__is_told_in_the_picture_and_in_words():
    view = demo.compute(80, 8000, 0)
    wrong = {(kind, unit) for kind in demo.COMPARED for unit in demo.UNITS if demo.misleads(view, kind, unit)}
    assert wrong == {("between", "counts"), ("within", "counts"), ("within", "cpm")}
    fig, axes = rg.plots.new_axes(2)
    demo.draw(axes, view)
    for ax, n_wrong in zip(axes, (1, 2), strict=True):
        marks = [line.get_marker() for line in ax.lines if len(line.get_xdata()) == 1]
        assert marks.count("X") == n_wrong
        assert marks.count("o") == 4 - n_wrong
    assert rg.plots.picture(fig).alt.count("misleads") == 3


def test_counts__are_whole_and_add_up_to_the_depth():
    counts = demo._sequenced(demo._cells(30), demo._lengths(500), (20, 5))
    assert counts.sum(axis=0).tolist() == [20_000_000, 5_000_000]
    assert counts.dtype.kind == "i"


@pytest.mark.parametrize(
    "corner", rg.demo("tpm").corners(), ids=lambda corner: "-".join(map(str, corner.values()))
)
def test_corners__keep_every_mark_on_the_axes(corner):
    view = demo.compute(**corner)
    _, axes = rg.plots.new_axes(2)
    demo.draw(axes, view)
    for ax in axes:
        low, high = ax.get_xlim()
        assert all(low < x < high for line in ax.lines for x in np.asarray(line.get_xdata(), float))


def test_rows__hold_what_the_units_say():
    header, lines = demo.rows(demo.compute(20, 2000, 0))
    assert len(header) == len(lines[0]) == 6
    assert lines[0][1:] == ("100", "200", "2 ×", "100", "1 ×")
    assert [line[3] for line in lines] == ["2 ×"] * 5
