"""Many cases: a bad one is told and kept, the rest are done, and an interrupted run goes on."""

import numpy as np
import pytest
from scan_files import ball, noise, save_nifti

from rgteach import cli, tables
from rgteach.cli import extract as module


@pytest.fixture
def cohort(tmp_path, monkeypatch):
    """Three good cases in folders of their own, below the list."""
    for number in range(3):
        folder = tmp_path / f"P{number}"
        folder.mkdir()
        save_nifti(folder / "t1.nii.gz", noise(seed=number))
        save_nifti(folder / "m.nii.gz", ball(label=number + 1))
    monkeypatch.chdir(tmp_path.parent)
    return tmp_path


@pytest.fixture
def run(capsys):
    """Call `rgteach extract`; gives its exit code, what it printed and what it complained."""

    def call(*words) -> tuple[int, str, str]:
        code = cli.main(["extract", *map(str, words)])
        return code, *capsys.readouterr()

    return call


def write_list(cohort, lines: list[str], head="case,image,mask,label"):
    path = cohort / "list.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


GOOD = [f"00{n},P{n}/t1.nii.gz,P{n}/m.nii.gz,{n + 1}" for n in range(3)]


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_batch__one_row_a_case_in_the_order_of_the_list(cohort, run, suffix):
    out = cohort / f"rows{suffix}"
    code, told, _ = run("--cases", write_list(cohort, GOOD), "--out", out, "--bin-count", "8")
    assert code == 0
    assert "rows" in told
    assert told.strip().endswith(": 3")
    table = tables.read(out)
    assert list(table["case"]) == ["000", "001", "002"]
    assert list(table["label"]) == [1, 2, 3]
    assert list(table["bin_count"]) == [8, 8, 8]
    assert list(table["error"]) == ["", "", ""]
    assert np.isfinite(table["cm_contrast"]).all()


def test_batch__rows_are_those_of_single_cases(cohort, run):
    run("--cases", write_list(cohort, GOOD), "--out", cohort / "rows.json")
    run(
        cohort / "P1/t1.nii.gz",
        cohort / "P1/m.nii.gz",
        "--label",
        "2",
        "--case",
        "001",
        "--out",
        cohort / "1.json",
    )
    batch, single = tables.read(cohort / "rows.json"), tables.read(cohort / "1.json")
    assert batch.iloc[1].drop(["image", "mask"]).equals(single.iloc[0].drop(["image", "mask"]))


def test_batch__bad_cases_keep_their_line_with_the_reason(cohort, run):
    lines = [*GOOD, "bad label,P0/t1.nii.gz,P0/m.nii.gz,9", "no file,P9/t1.nii.gz,P0/m.nii.gz,1"]
    lines += ["no mask,P0/t1.nii.gz,,1", "odd label,P0/t1.nii.gz,P0/m.nii.gz,x"]
    code, told, err = run("--cases", write_list(cohort, lines), "--out", cohort / "rows.csv")
    assert code == 3
    assert "7, of which 4 failed" in told
    table = tables.read(cohort / "rows.csv").set_index("case")
    assert list(table["error"][:3]) == ["", "", ""]
    assert "label 9" in table["error"]["bad label"]
    assert "P9" in table["error"]["no file"]
    assert "no mask" in table["error"]["no mask"]
    assert "whole number" in table["error"]["odd label"]
    assert table["label"].isna().tolist() == [False] * 6 + [True]
    assert table["cm_contrast"].isna().tolist() == [False] * 3 + [True] * 4
    for name in ("bad label", "no file", "no mask", "odd label"):
        assert f"{name}: " in err
    assert "Traceback" not in err


def test_batch__a_strange_error_in_one_case_does_not_stop_the_rest(cohort, run, monkeypatch):
    real = module.extract

    def strange(image, *args, **more):
        if "P1" in image:
            raise ZeroDivisionError("strange")
        return real(image, *args, **more)

    monkeypatch.setattr(module, "extract", strange)
    assert run("--cases", write_list(cohort, GOOD), "--out", cohort / "rows.csv")[0] == 3
    assert "ZeroDivisionError" in tables.read(cohort / "rows.csv")["error"][1]


def test_batch__with_no_good_case_writes_nothing(cohort, run):
    code, _, err = run("--cases", write_list(cohort, ["a,x.nii,y.nii,1"]), "--out", cohort / "rows.csv")
    assert code == 1
    assert "nothing was written" in err
    assert not (cohort / "rows.csv").exists()


def test_batch__goes_on_where_it_was_interrupted(cohort, run, monkeypatch):
    real, seen = module.extract, []

    def stop_at_the_third(image, *args, **more):
        seen.append(image)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(image, *args, **more)

    monkeypatch.setattr(module, "extract", stop_at_the_third)
    words = ("--cases", write_list(cohort, GOOD), "--out", cohort / "rows.csv")
    code, _, err = run(*words)
    assert code == 130
    assert "2 of 3" in err
    assert list(tables.read(cohort / "rows.csv")["case"]) == ["000", "001"]
    seen.clear()
    code, _, err = run(*words, "--append")
    assert (code, len(seen)) == (0, 1)
    assert "already: 2" in err
    assert list(tables.read(cohort / "rows.csv")["case"]) == ["000", "001", "002"]


def test_batch__saves_on_the_way(cohort, run, monkeypatch):
    monkeypatch.setattr(module, "SAVE_EVERY_S", -1)
    real, rows_seen = module.extract, []

    def look(image, *args, **more):
        rows_seen.append(len(tables.read(cohort / "rows.csv")) if (cohort / "rows.csv").exists() else 0)
        return real(image, *args, **more)

    monkeypatch.setattr(module, "extract", look)
    assert run("--cases", write_list(cohort, GOOD), "--out", cohort / "rows.csv")[0] == 0
    assert rows_seen == [0, 1, 2]


def test_append__tries_failed_cases_again_and_keeps_those_no_longer_listed(cohort, run):
    broken = [GOOD[0], "001,P1/t1.nii.gz,P1/m.nii.gz,2", "gone,x.nii,y.nii,1"]
    (cohort / "P1/m.nii.gz").rename(cohort / "P1/hidden.nii.gz")
    out = cohort / "rows.csv"
    assert run("--cases", write_list(cohort, broken), "--out", out)[0] == 3
    (cohort / "P1/hidden.nii.gz").rename(cohort / "P1/m.nii.gz")
    assert run("--cases", write_list(cohort, GOOD), "--out", out, "--append")[0] == 0
    table = tables.read(out)
    assert sorted(table["case"]) == ["000", "001", "002", "gone"]
    assert (table["error"] != "").sum() == 1


def test_append__rows_of_other_settings_are_refused(cohort, run):
    out = cohort / "rows.csv"
    assert run("--cases", write_list(cohort, GOOD[:1]), "--out", out)[0] == 0
    before = out.read_bytes()
    words = ("--cases", write_list(cohort, GOOD[1:]), "--out", out, "--append", "--convention", "pyradiomics")
    code, _, err = run(*words)
    assert code == 1
    assert "do not fit" in err
    assert out.read_bytes() == before


def test_batch__a_label_for_all_fills_the_gaps_of_the_list(cohort, run):
    lines = [f"{n},P{n}/t1.nii.gz,P{n}/m.nii.gz" for n in (1, 1)]
    lines[1] = "other,P1/t1.nii.gz,P1/m.nii.gz"
    path = write_list(cohort, lines, head="case,image,mask")
    assert run("--cases", path, "--out", cohort / "rows.csv", "--label", "2")[0] == 0
    assert list(tables.read(cohort / "rows.csv")["label"]) == [2, 2]


def test_batch__a_label_that_a_spreadsheet_wrote_as_decimal_is_whole(cohort, run):
    words = ("--cases", write_list(cohort, [f"{GOOD[1]}.0"]), "--out", cohort / "rows.csv")
    assert run(*words)[0] == 0
    assert list(tables.read(cohort / "rows.csv")["label"]) == [2]
    assert "already: 1" in run(*words, "--append")[2]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_batch__speaks_both_languages(cohort, run, lang):
    lines = [*GOOD, "bad,P0/t1.nii.gz,P0/m.nii.gz,9"]
    _, told, _ = run("--cases", write_list(cohort, lines), "--out", cohort / "rows.csv", "--lang", lang)
    assert ("病例" in told) == (lang == "zh")
    assert ("掩膜" in tables.read(cohort / "rows.csv")["error"][3]) == (lang == "zh")
