"""The command line in this process: help, usage, one case, languages, exit codes."""

import io
import json
import re
import sys

import pytest
from scan_files import ball, noise, save_nifti
from typer.testing import CliRunner

import rgteach as rg
from rgteach import cli, tables, wording

COMMANDS = ("lab", "extract", "scan", "doctor", "build")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def case(tmp_path, monkeypatch):
    """A folder with an image and a mask of labels 1 and 2, which becomes the current one."""
    labels = ball((12, 16, 20), 2)
    labels[6, 6:10, 8:14] = 1
    save_nifti(tmp_path / "flair.nii.gz", noise((12, 16, 20)))
    save_nifti(tmp_path / "seg.nii.gz", labels)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_help__of_every_command_has_an_example_and_the_exit_codes(run, command, lang):
    code, out, err = run(command, "--help", "--lang", lang)
    assert (code, err) == (0, "")
    assert re.search(rf"^  rgteach {command}", out, re.MULTILINE)
    assert re.search(r"^  0  \S.*1  \S.*2  \S", out, re.MULTILINE)
    assert bool(HAN.search(out)) == (lang == "zh")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_help__of_the_program_names_every_command(run, lang):
    code, out, _ = run("--lang", lang, "--help")
    assert code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command}  ", out, re.MULTILINE)


def test_help__in_chinese_leaves_no_english_sentence(run):
    for command in COMMANDS:
        _, out, _ = run(command, "--help", "--lang", "zh")
        assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", out.replace("rgteach", "")), out


def test_help__names_every_option_that_exists(run):
    out = run("extract", "--help")[1]
    command = cli.app().commands["extract"]
    for parameter in command.params:
        shown = [name for name in parameter.opts if name.startswith("-")] or [parameter.metavar]
        assert all(name in out for name in shown)


def test_help__fits_a_terminal_of_eighty_columns(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in COMMANDS:
        assert max(map(len, run(command, "--help")[1].splitlines())) <= 80


def test_nothing__shows_the_help_and_is_wrong_usage(run):
    code, out, _ = run()
    assert code == 2
    assert "rgteach extract" in out


def test_version__is_that_of_the_package(run):
    assert run("--version") == (0, f"rgteach {rg.__version__}\n", "")


# ---------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("extrct",), "'extract'"),
        (("extract", "--bin-widht", "5", "a", "b"), "--bin-width"),
        (("extract", "a", "b", "--convention", "pyradiomix"), "'pyradiomics'"),
        (("extract", "a", "b", "--aggregation", "3d-avraged"), "'3d-averaged'"),
        (("extract", "a", "b", "--label", "one"), "whole number"),
        (("extract", "a", "b", "--bin-width", "2,5"), "point"),
        (("extract", "a", "b", "--bin-width", "5", "--bin-count", "9"), "exclude each other"),
        (("extract", "a", "b", "--bin-count"), "needs a value"),
        (("extract", "a", "b", "c"), "left over: c"),
        (("extract", "a"), "rgteach extract IMAGE MASK"),
        (("extract", "a", "b", "--append"), "--out"),
        (("extract", "a", "b", "--out", "x.csv", "--append", "--overwrite"), "exclude each other"),
        (("extract", "a", "b", "--out", "x.xlsx"), ".parquet"),
        (("extract", "--cases", "a.csv"), "--out"),
        (("extract", "a", "b", "--cases", "a.csv", "--out", "b.csv"), "exclude each other"),
        (("lab", "--lang", "fr"), "en, zh"),
        (("--lang", "fr", "doctor"), "en, zh"),
    ],
)
@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_usage__wrong_words_get_a_sentence_and_exit_code_two(run, monkeypatch, words, hint, lang):
    monkeypatch.setenv("RGTEACH_LANG", lang)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert wording.say("word-try") in err
    if lang == "en":
        assert hint in err
    else:
        assert HAN.search(err)


# ---------------------------------------------------------------- one case


def test_extract__shows_every_feature_with_its_ibsi_code(run, case):
    code, out, err = run("extract", "flair.nii.gz", "seg.nii.gz", "--label", "2", "--bin-width", "100")
    row = rg.extract(case / "flair.nii.gz", case / "seg.nii.gz", label=2, bin_width=100)
    assert (code, err) == (0, "")
    for name in row.features:
        assert name in out
    assert f"{row['cm_contrast']:.6g}" in out
    assert "ACUI" in out


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_extract__writes_the_row_that_python_gives(run, case, suffix):
    code, out, _ = run("extract", "flair.nii.gz", "seg.nii.gz", "--bin-count", "16", "--out", f"row{suffix}")
    assert code == 0
    assert f"row{suffix}" in out
    table = tables.read(f"row{suffix}")
    row = rg.extract("flair.nii.gz", "seg.nii.gz", bin_count=16)
    assert list(table.columns) == [*row, "error"]
    assert table["cm_contrast"][0] == row["cm_contrast"]
    assert table["case"][0] == "flair"


def test_extract__does_not_replace_a_table_unless_told(run, case):
    words = ("extract", "flair.nii.gz", "seg.nii.gz", "--out", "row.csv")
    assert run(*words)[0] == 0
    code, _, err = run(*words, "--label", "2")
    assert code == 1
    assert "--append" in err
    assert run(*words, "--label", "2", "--append")[0] == 0
    assert list(tables.read("row.csv")["label"]) == [1, 2]
    assert run(*words, "--overwrite")[0] == 0
    assert list(tables.read("row.csv")["label"]) == [1]


def test_extract__a_problem_of_the_input_is_three_sentences_and_exit_code_one(run, case):
    code, out, err = run("extract", "flair.nii.gz", "seg.nii.gz", "--label", "7")
    assert (code, out) == (1, "")
    assert "has no label 7" in err
    assert "Why: " in err
    assert "Try: " in err
    assert "Traceback" not in err


def test_extract__writes_nothing_when_it_fails(run, case):
    before = sorted(path.name for path in case.iterdir())
    assert run("extract", "flair.nii.gz", "seg.nii.gz", "--label", "7", "--out", "row.csv")[0] == 1
    assert sorted(path.name for path in case.iterdir()) == before


def test_extract__refuses_the_place_before_it_reads_the_scan(run, case):
    assert "no/such does not exist" in run("extract", "missing.nii", "m.nii", "--out", "no/such/row.csv")[2]


def test_extract__a_warning_is_shown_and_the_result_stands(run, case):
    code, out, err = run("extract", "flair.nii.gz", "seg.nii.gz", "--bin-count", "300", "--label", "2")
    assert code == 0
    assert "more than 256" in err
    assert "cm_contrast" in out


def test_extract__every_option_reaches_the_row(run, case):
    words = [
        "--label",
        "2",
        "--bin-width",
        "50",
        "--convention",
        "pyradiomics",
        "--aggregation",
        "2.5d-merged",
    ]
    words += ["--distance", "2", "--case", "P1", "--out", "row.json"]
    assert run("extract", "flair.nii.gz", "seg.nii.gz", *words)[0] == 0
    (row,) = json.loads((case / "row.json").read_text())
    settings = {"label": 2, "bin_width": 50.0, "convention": "pyradiomics", "aggregation": "2.5d-merged"}
    settings |= {"distance": 2, "case": "P1", "bin_count": None, "error": ""}
    assert settings.items() <= row.items()


# ---------------------------------------------------------------- languages, terminals, accidents


def test_language__follows_the_option_before_the_variable(run, case, monkeypatch):
    monkeypatch.setenv("RGTEACH_LANG", "zh")
    assert HAN.search(run("extract", "a", "b")[2])
    assert not HAN.search(run("extract", "a", "b", "--lang", "en")[2])
    assert not HAN.search(run("--lang=en", "extract", "a", "b")[2])


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp936", "cp437"])
@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_terminal__no_encoding_stops_the_program(case, monkeypatch, encoding, lang):
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    assert cli.main(["extract", "flair.nii.gz", "seg.nii.gz", "--case", "病例 ×", "--lang", lang]) == 0
    wording.choose(None)
    assert cli.main(["extract", "flair.nii.gz", "病例.nii.gz", "--lang", lang]) == 1
    for stream in streams:
        stream.flush()
    told = streams[0].buffer.getvalue().decode(encoding)
    assert "cm_contrast" in told
    assert ("掩膜" in told) == (lang == "zh" and encoding == "cp936")


def test_lab__gets_the_language_asked_for_where_the_terminal_cannot_show_it(monkeypatch):
    import types

    asked = []
    module = types.ModuleType("rgteach.course.workspace")
    module.open_lab = lambda folder, lang, browser=True: asked.append((str(folder), lang, browser)) or 0
    monkeypatch.setitem(sys.modules, "rgteach.course.workspace", module)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    assert cli.main(["lab", "here", "--lang", "zh", "--no-browser"]) == 0
    assert cli.main(["lab"]) == 0
    assert asked[0] == ("here", "zh", False)
    assert asked[1][0] == "workspace"


def test_accident__an_unexpected_error_is_a_sentence_unless_asked_for_more(run, case, monkeypatch):
    from rgteach.cli import extract as module

    monkeypatch.setattr(module, "extract", lambda *args, **more: 1 / 0)
    code, _, err = run("extract", "flair.nii.gz", "seg.nii.gz")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "RGTEACH_DEBUG" in err
    assert "Traceback" not in err
    monkeypatch.setenv("RGTEACH_DEBUG", "1")
    assert "Traceback" in run("extract", "flair.nii.gz", "seg.nii.gz")[2]


def test_accident__ctrl_c_is_exit_code_130(run, case, monkeypatch):
    from rgteach.cli import extract as module

    def stop(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "extract", stop)
    assert run("extract", "flair.nii.gz", "seg.nii.gz")[0] == 130


def test_runner__of_typer_gives_the_same_exit_codes(case):
    runner = CliRunner()
    assert runner.invoke(_as_typer(), ["extract", "flair.nii.gz", "seg.nii.gz"]).exit_code == 0
    assert (
        runner.invoke(_as_typer(), ["extract", "flair.nii.gz", "seg.nii.gz", "--label", "7"]).exit_code == 1
    )
    assert runner.invoke(_as_typer(), ["extrct"]).exit_code == 2


def _as_typer():
    from rgteach.cli.commands import build_app

    return build_app()
