"""`rgteach scan` from the words typed to the files written, in both languages."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from scan_tables import two_tables

import rgteach as rg
from rgteach import tables, wording

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with f.csv and g.csv, which becomes the current one."""
    features, genes = two_tables()
    features.to_csv(tmp_path / "f.csv", index=False)
    genes.to_csv(tmp_path / "g.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scan(run, *words):
    return run("scan", "f.csv", "g.csv", "--id", "id", *words)


# ---------------------------------------------------------------- what is shown and written


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_screen__says_what_survives_in_the_language_asked_for(run, here, lang):
    code, out, err = scan(run, "--lang", lang)
    assert code == 0
    assert "EGFR" in out
    assert bool(HAN.search(out)) == bool(HAN.search(err)) == (lang == "zh")
    first = out.splitlines()[0]
    assert "12" in first
    if lang == "en":
        assert first.startswith("1 association of 12 tests is a discovery")


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_out__holds_the_discoveries_with_intervals(run, here, suffix):
    code, out, _ = scan(run, "--out", f"hits{suffix}")
    assert code == 0
    assert f"hits{suffix}" in out
    table = tables.read(f"hits{suffix}")
    found = rg.scan(*two_tables(), id="id")
    assert table["p_value"].tolist() == pytest.approx(found.hits["p_value"].tolist(), rel=1e-12)
    assert (table["effect_low"] < table["effect"]).all()
    assert table["gene"].tolist() == ["EGFR"]


def test_out__all_pairs_are_those_of_python(run, here):
    assert scan(run, "--all", "--out", "all.csv")[0] == 0
    pd.testing.assert_frame_equal(
        tables.read("all.csv"), rg.scan(*two_tables(), id="id").table, check_dtype=False
    )


def test_out__without_a_discovery_is_a_table_with_a_head_line(run, here):
    assert scan(run, "--feature", "c", "--out", "none.csv")[0] == 0
    assert (here / "none.csv").read_text().startswith("feature,gene,test,n,n_carriers,")
    assert len((here / "none.csv").read_text().splitlines()) == 1
    assert scan(run, "--feature", "c", "--out", "none.json")[0] == 0
    assert json.loads((here / "none.json").read_text()) == []


def test_out__is_not_replaced_unless_told(run, undrawn, here):
    assert scan(run, "--out", "a.csv", "--report", "a.html")[0] == 0
    before = (here / "a.html").read_bytes()
    for words in (("--out", "a.csv"), ("--report", "a.html")):
        code, out, err = scan(run, *words)
        assert (code, out) == (1, "")
        assert "--overwrite" in err
    assert (here / "a.html").read_bytes() == before
    assert scan(run, "--out", "a.csv", "--report", "a.html", "--overwrite")[0] == 0


def test_options__reach_the_scan(run, here):
    code, out, _ = scan(
        run, "--gene", "EGFR", "--feature", "a", "--feature", "b", "--alpha", "0.2", "--min-group", "5",
        "--permutations", "50", "--seed", "3", "--top", "1", "--all", "--out", "t.csv",
    )  # fmt: skip
    assert code == 0
    assert "50" in out
    assert len(tables.read("t.csv")) == 2
    settings = {"alpha": 0.2, "min_group": 5, "permutations": 50, "seed": 3}
    found = rg.scan(*two_tables(), id="id", gene="EGFR", feature=["a", "b"], **settings)
    assert f"{found.result.fwer_threshold:.2g}" in out


def test_options__method_and_kind(run, here):
    assert scan(run, "--gene", "EGFR", "--method", "exact", "--all", "--out", "e.csv")[0] == 0
    expected = rg.scan(*two_tables(), id="id", gene="EGFR", method="exact").table
    assert tables.read("e.csv")["p_value"].tolist() == pytest.approx(expected["p_value"].tolist())
    assert scan(run, "--gene", "copies", "--kind", "continuous")[0] == 0


@pytest.mark.parametrize("words", [("--carriers", "Translocated"), ("--carriers", "EGFR=Translocated")])
def test_carriers__by_word_and_by_column(run, here, words):
    table = pd.read_csv("g.csv")
    table["EGFR"] = table["EGFR"].replace("Mutant", "Translocated")
    table.to_csv("g.csv", index=False)
    assert scan(run)[0] == 1
    code, _, err = scan(run, *words)
    assert code == 0
    assert "Translocated (14)" in err


def test_missing__a_word_of_ones_own(run, here):
    table = pd.read_csv("g.csv")
    table.loc[:2, "EGFR"] = "QNS"
    table.to_csv("g.csv", index=False)
    assert "QNS" in scan(run)[2]
    assert scan(run, "--missing", "QNS")[0] == 0


def test_one_file__may_hold_both(run, here):
    features, genes = two_tables()
    features.merge(genes, on="id").to_csv("one.csv", index=False)
    for words in (
        ("--gene", "EGFR"),
        ("--feature", "a", "--feature", "b", "--feature", "c", "--feature", "d"),
    ):
        code, out, _ = run("scan", "one.csv", "one.csv", *words)
        assert code == 0, words
        assert "40" in out
    code, _, err = run("scan", "one.csv", "one.csv")
    assert code == 2
    assert "--gene" in err


def test_ids__other_names_lost_patients_and_lookalikes_are_told(run, here):
    table = pd.read_csv("g.csv").rename(columns={"id": "Patient"})
    table.loc[table["Patient"] == "P001", "Patient"] = "p001"
    table.to_csv("g.csv", index=False)
    code, _, err = run("scan", "f.csv", "g.csv", "--id", "id", "--genes-id", "Patient")
    assert code == 0
    assert "only in the features' table: 1: P001" in err
    assert "P001 / p001" in err


def test_file__from_a_chinese_excel(run, undrawn, here):
    features, genes = two_tables()
    features.rename(columns={"a": "病灶体积", "id": "编号"}).to_csv("f.csv", index=False, encoding="gbk")
    genes = genes.rename(columns={"id": "编号"}).replace({"Mutant": "突变型", "Wildtype": "野生型"})
    genes.to_csv("g.csv", index=False, sep=";", encoding="utf-8-sig", decimal=",")
    code, out, _ = run("scan", "f.csv", "g.csv", "--id", "编号", "--report", "r.html", "--out", "h.csv")
    assert code == 0
    assert "病灶体积" in out
    assert tables.read("h.csv")["feature"].tolist() == ["病灶体积"]


def test_big__only_the_hits_are_kept_and_the_report_says_so(run, undrawn, here, monkeypatch):
    from rgteach.cli import scan as module
    from rgteach.tables import sweep

    monkeypatch.setattr(module, "MOST_PAIRS", 10)
    monkeypatch.setattr(sweep, "POINTS", 2)
    monkeypatch.setattr(sweep, "BEST", 6)
    code, out, _ = scan(run, "--report", "r.html", "--out", "h.csv")
    assert code == 0
    assert "> 0.05" in out
    assert len(tables.read("h.csv")) == 1
    assert "of 12 points" in (here / "r.html").read_text()
    code, out, err = scan(run, "--all", "--out", "all.csv")
    assert (code, out) == (1, "")
    assert "12" in err


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((), "features.csv genes.csv"),
        (("f.csv",), "features.csv genes.csv"),
        (("f.csv", "g.csv"), "both tables have: id"),
        (("f.csv", "g.csv", "--genes-id", "id"), "--id"),
        (("f.csv", "g.csv", "--id", "id", "--all"), "--out"),
        (("f.csv", "g.csv", "--id", "id", "--overwrite"), "--out"),
        (("f.csv", "g.csv", "--id", "id", "--kind", "binry"), "'binary'"),
        (("f.csv", "g.csv", "--id", "id", "--method", "xyz"), "asymptotic, exact"),
        (("f.csv", "g.csv", "--id", "id", "--alpha", "5%"), "point"),
        (("f.csv", "g.csv", "--id", "id", "--alpha", "1.5"), "between 0 and 1"),
        (("f.csv", "g.csv", "--id", "id", "--top", "1000"), "100"),
        (("f.csv", "g.csv", "--id", "id", "--permutations", "many"), "whole number"),
        (("f.csv", "g.csv", "--id", "id", "--report", "r.pdf"), ".html"),
        (("f.csv", "g.csv", "--id", "id", "--out", "r.xlsx"), ".parquet"),
        (("f.csv", "g.csv", "h.csv"), "left over: h.csv"),
        (("f.csv", "g.csv", "--idd", "id"), "--id"),
    ],
)
@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_usage__wrong_words_get_a_sentence_and_exit_code_two(run, here, monkeypatch, words, hint, lang):
    monkeypatch.setenv("RGTEACH_LANG", lang)
    code, out, err = run("scan", *words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert wording.say("word-try") in err
    assert hint in err if lang == "en" else HAN.search(err)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("no.csv", "g.csv", "--id", "id"), "There is no file"),
        (("f.csv", "g.csv", "--id", "ID"), "nearest name is 'id'"),
        (("f.csv", "g.csv", "--id", "id", "--gene", "EGRF"), "'EGFR'"),
        (("f.csv", "g.csv", "--id", "id", "--feature", "z*"), "stand for any letters"),
        (("f.csv", "g.csv", "--id", "id", "--carriers", "EGFR=Mutnat"), "Mutant (14)"),
        (("f.csv", "g.csv", "--id", "id", "--min-group", "30"), "Try: "),
        (("f.csv", "g.csv", "--id", "id", "--out", "no/such/t.csv"), "does not exist"),
        (("f.csv", "g.csv", "--id", "id", "--report", "no/such/t.html"), "does not exist"),
    ],
)
def test_problem__of_the_input_is_three_sentences_and_exit_code_one(run, here, words, hint):
    before = sorted(path.name for path in here.iterdir())
    code, out, err = run("scan", *words, *(("--out", "x.csv") if "--out" not in words else ()))
    assert (code, out) == (1, "")
    assert hint in err
    assert "Why: " in err
    assert "Traceback" not in err
    assert sorted(path.name for path in here.iterdir()) == before


def test_place__is_refused_before_anything_is_read(run, here):
    assert "does not exist" in run("scan", "no.csv", "no.csv", "--id", "id", "--out", "no/such/x.csv")[2]


def test_accident__ctrl_c_leaves_no_file_and_exit_code_130(run, here, monkeypatch):
    from rgteach.cli import scan as module

    def stop(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "scan", stop)
    before = sorted(path.name for path in here.iterdir())
    assert scan(run, "--out", "x.csv", "--report", "x.html")[0] == 130
    assert sorted(path.name for path in here.iterdir()) == before


# ---------------------------------------------------------------- the real tables


@pytest.mark.parametrize(("lang", "drawing"), [("en", "undrawn"), ("zh", "sketched")])
def test_real__lung_cancer_nothing_survives_and_the_report_says_so(
    run, shared_data, tmp_path, request, lang, drawing
):
    request.getfixturevalue(drawing)
    folder = shared_data / "nsclc_radiogenomics"
    words = ["--id", "Case ID", "--gene", "EGFR mutation status", "--lang", lang]
    words += ["--out", str(tmp_path / "all.csv"), "--all", "--report", str(tmp_path / "r.html")]
    code, out, err = run("scan", str(folder / "features.csv"), str(folder / "clinical.csv"), *words)
    assert code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for told in (out, page):
        assert "0.00326" in told
        assert "0.700" in told
        assert re.search(r"\b55\b", told)
        assert ("No association survives" if lang == "en" else "没有关联能够成立") in told
    assert "Mutant (12)" in err
    table = tables.read(tmp_path / "all.csv")
    assert len(table) == 1764
    assert np.isclose(table["p_adjusted"].min(), 0.700, atol=5e-4)


def test_real__glioma_one_file_with_both(run, shared_data, tmp_path):
    path = str(shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv")
    words = [
        "--feature",
        "Age_at_diagnosis",
        "--gene",
        "IDH1",
        "--gene",
        "TP53",
        "--out",
        str(tmp_path / "h.csv"),
    ]
    code, out, _ = run("scan", path, path, *words)
    assert code == 0
    assert "839" in out
    assert set(tables.read(tmp_path / "h.csv")["gene"]) == {"IDH1", "TP53"}
