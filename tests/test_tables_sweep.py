"""What a report shows of all pairs, and the files and views of a scan."""

import numpy as np
import pandas as pd
import pytest
from scan_tables import two_tables

import rgteach as rg
from rgteach import tables
from rgteach.tables import pairs
from rgteach.tables.sweep import sweep


@pytest.fixture
def two() -> tuple[pd.DataFrame, pd.DataFrame]:
    return two_tables()


# ---------------------------------------------------------------- views and files


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__say_what_was_done_in_both_languages(two, lang):
    rg.setup(lang)
    found = rg.scan(*two, id="id")
    for shown in (repr(found), found._repr_html_(), repr(found.joined), found.joined._repr_html_()):
        assert "40" in shown
        assert any("\u4e00" <= letter <= "\u9fff" for letter in shown) == (lang == "zh")


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_write__is_read_back_with_its_types(two, suffix, tmp_path):
    features, genes = two
    found = rg.scan(
        features.rename(columns={"a": "特征,a"}), genes.rename(columns={"copies": "7157"}), id="id"
    )
    path = pairs.write(found.table, tmp_path / f"t{suffix}")
    again = tables.read(path)
    assert set(again["gene"]) == {"EGFR", "7157", "expr"}
    assert again["p_value"].tolist() == found.table["p_value"].tolist()
    assert again["n_carriers"].isna().tolist() == found.table["n_carriers"].isna().tolist()
    assert str(again["n"].dtype) == "Int64"
    assert "特征,a" in set(again["feature"])


# ---------------------------------------------------------------- the walk over all pairs


def test_sweep__shows_the_same_of_a_table_and_of_hits_only(two, monkeypatch):
    from rgteach.tables import sweep as module

    monkeypatch.setattr(module, "BLOCK", 4)  # a gene at a time
    whole, few = (sweep(rg.scan(*two, id="id", output=output)) for output in ("table", "hits"))
    assert whole.n_small == few.n_small == (rg.scan(*two, id="id").table["p_value"] < 0.05).sum()
    np.testing.assert_array_equal(whole.p_value, few.p_value)
    np.testing.assert_array_equal(whole.effect, few.effect)
    np.testing.assert_array_equal(whole.hit, few.hit)
    assert few.lines["p_adjusted"].isna().sum() == 11
    assert whole.lines["p_adjusted"].notna().all()


def test_sweep__thins_the_points_but_keeps_the_best_and_every_count(monkeypatch):
    from rgteach.tables import sweep as module

    monkeypatch.setattr(module, "POINTS", 100)
    monkeypatch.setattr(module, "BEST", 30)
    rng = np.random.default_rng(0)
    found = rg.scan(pd.DataFrame(rng.normal(size=(30, 60))), pd.DataFrame(rng.integers(0, 2, (30, 40))))
    seen = sweep(found, 5)
    p = np.sort(found.table["p_value"].to_numpy())
    assert 60 < seen.n_points < 250
    assert np.isin(p[:30], seen.p_value).all()
    assert seen.p_value[:5].tolist() == seen.lines["p_value"].tolist()
    assert seen.n_small == (p < 0.05).sum()
    for share, limit in zip(seen.expected[30:], seen.observed[30:], strict=True):
        assert share * len(p) + 0.5 == pytest.approx((p <= limit * (1 + 1e-12)).sum(), abs=1e-6)


def test_sweep__mixed_tests_are_drawn_on_one_scale(two):
    seen = sweep(rg.scan(*two, id="id"))
    assert seen.measure == "rho"
    assert (np.abs(seen.effect) <= 1).all()
    table = rg.scan(*two, id="id").table
    strongest = table.iloc[0]
    assert strongest["test"] == "wilcoxon"
    assert seen.effect[0] == pytest.approx(2 * strongest["effect"] - 1)
