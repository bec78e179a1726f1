"""Tables: what is written is read back the same, and a file is whole or not there."""

import builtins
import csv
import errno
import json
import os
import threading

import numpy as np
import pandas as pd
import pytest
from scan_files import ball, noise

import rgteach as rg
from rgteach import tables
from rgteach.errors import LearnerError
from rgteach.tables import cases, disk

FORMATS = (".csv", ".json", ".parquet")


@pytest.fixture(scope="module")
def rows() -> list:
    """Four rows with names that look like numbers and settings that are missing."""
    made = [rg.extract(noise(seed=s), ball(), case=name) for s, name in enumerate(["001", "NA", "病例 3"])]
    return [*made, rg.extract(noise(seed=9) / 3, ball(), case="x,y", bin_width=12.5)]


def refused(call, *args, **more) -> LearnerError:
    with pytest.raises(LearnerError) as error:
        call(*args, **more)
    return error.value


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("suffix", FORMATS)
def test_read__gives_what_was_written_to_the_last_digit(tmp_path, rows, suffix):
    path = tables.write(rows, tmp_path / f"t{suffix}")
    pd.testing.assert_frame_equal(tables.read(path), tables.frame(rows), check_exact=True)


@pytest.mark.parametrize("suffix", FORMATS)
def test_read__keeps_texts_texts_and_counts_whole(tmp_path, rows, suffix):
    table = tables.read(tables.write(rows, tmp_path / f"t{suffix}"))
    assert list(table["case"]) == ["001", "NA", "病例 3", "x,y"]
    assert str(table["n_voxels"].dtype) == "Int64"
    assert table["bin_count"].isna().tolist() == [False, False, False, True]
    assert table["bin_width"].tolist()[3] == 12.5
    assert table["cm_contrast"].dtype == float
    assert list(table["warnings"]) == [""] * 4


@pytest.mark.parametrize("suffix", FORMATS)
def test_append__adds_rows_and_changes_none(tmp_path, rows, suffix):
    path = tmp_path / f"t{suffix}"
    tables.write(rows[:1], path, append=True)
    tables.write(rows[1:], path, append=True)
    pd.testing.assert_frame_equal(tables.read(path), tables.frame(rows), check_exact=True)


def test_append__leaves_the_old_lines_of_a_csv_as_they_were(tmp_path, rows):
    path = tables.write(rows[:2], tmp_path / "t.csv")
    before = path.read_bytes()
    tables.write(rows[2:], path, append=True)
    assert path.read_bytes().startswith(before)


def test_json__is_valid_with_null_for_what_is_missing(tmp_path, rows):
    text = tables.write(rows, tmp_path / "t.json").read_text(encoding="utf-8")
    loaded = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert loaded[0]["bin_width"] is None
    assert loaded[0]["mask_off_voxels"] is None
    assert loaded[0]["n_voxels"] == rows[0]["n_voxels"]
    assert isinstance(loaded[0]["n_voxels"], int)
    assert "病例 3" in text


def test_json__infinity_is_null_too(tmp_path):
    path = tables.write({"case": "a", "cm_x": np.inf, "cm_y": np.float64("nan")}, tmp_path / "t.json")
    assert json.loads(path.read_text()) == [{"case": "a", "cm_x": None, "cm_y": None}]


def test_csv__can_be_read_by_anybody(tmp_path, rows):
    with open(tables.write(rows, tmp_path / "t.csv"), encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == list(rows[0])
    assert [line[0] for line in lines[1:]] == ["001", "NA", "病例 3", "x,y"]


def test_write__takes_a_row_a_dict_and_a_data_frame(tmp_path, rows):
    for number, given in enumerate((rows[0], dict(rows[0]), [rows[0]], tables.frame(rows[:1]))):
        path = tables.write(given, tmp_path / f"{number}.csv")
        assert path.read_bytes() == tables.write(rows[:1], tmp_path / "one.csv").read_bytes()


def test_read__a_column_of_ones_own_with_leading_zeros_stays_text(tmp_path):
    (tmp_path / "t.csv").write_text("case,site,age\na,007,61\nb,012,\n")
    table = tables.read(tmp_path / "t.csv")
    assert list(table["site"]) == ["007", "012"]
    assert table["age"].tolist()[0] == 61.0


# ---------------------------------------------------------------- whole or not at all


@pytest.mark.parametrize("suffix", FORMATS)
def test_write__a_failure_leaves_the_old_file_and_nothing_else(tmp_path, rows, suffix, monkeypatch):
    path = tables.write(rows[:1], tmp_path / f"t{suffix}")
    before = path.read_bytes()

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk.os, "replace", full)
    assert refused(tables.write, rows, path).key == "table-no-space"
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize(
    ("number", "key"), [(errno.EROFS, "table-not-allowed"), (errno.EIO, "table-not-written")]
)
def test_write__a_refusal_of_the_system_is_a_sentence(tmp_path, rows, monkeypatch, number, key):
    def refuse(*_args, **_more):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(disk.Path, "open", refuse)
    assert refused(tables.write, rows, tmp_path / "t.csv").key == key


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_write__a_folder_without_permission_is_told(tmp_path, rows):
    tmp_path.chmod(0o500)
    assert refused(tables.write, rows, tmp_path / "t.csv").key == "table-not-allowed"
    tmp_path.chmod(0o700)


def test_write__a_folder_that_the_system_protects_is_told(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(tables.os, "access", lambda *_args: False)
    assert refused(tables.write, rows, tmp_path / "t.csv").key == "table-not-allowed"


@pytest.mark.skipif(os.name == "nt", reason="no umask")
def test_write__files_have_the_usual_permissions_and_keep_their_own(tmp_path, rows):
    before = os.umask(0o022)
    try:
        path = tables.write(rows, tmp_path / "t.csv")
        assert path.stat().st_mode & 0o777 == 0o644
        path.chmod(0o640)
        assert tables.write(rows, path).stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_write__through_a_link_changes_the_file_and_keeps_the_link(tmp_path, rows):
    real = tables.write(rows[:1], tmp_path / "real.csv")
    (tmp_path / "link.csv").symlink_to(real)
    tables.write(rows, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(tables.read(real)) == 4


def test_append__from_several_threads_loses_no_row(tmp_path, rows):
    path = tmp_path / "t.csv"
    jobs = [
        threading.Thread(target=tables.write, args=(rows[:1], path), kwargs={"append": True})
        for _ in range(8)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(tables.read(path)) == 8
    assert os.listdir(tmp_path) == ["t.csv"]


def test_lock__of_a_killed_job_is_taken_over(tmp_path, rows):
    lock = tmp_path / ".t.csv.lock"
    lock.touch()
    os.utime(lock, (1, 1))
    tables.write(rows, tmp_path / "t.csv", append=True)
    assert not lock.exists()


def test_lock__of_a_living_job_is_waited_for_and_then_told(tmp_path, rows, monkeypatch):
    (tmp_path / ".t.csv.lock").touch()
    monkeypatch.setattr(disk, "LOCK_WAIT_S", 0.1)
    assert refused(tables.write, rows, tmp_path / "t.csv", append=True).key == "table-locked"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("t.xlsx", "table-unknown-format"),
        ("t", "table-unknown-format"),
        ("no/t.csv", "table-no-folder"),
        (".", "table-is-folder"),
    ],
)
def test_write__a_place_that_cannot_take_a_table_is_refused(tmp_path, rows, name, key):
    assert refused(tables.write, rows, tmp_path / name).key == key


def test_write__does_not_replace_a_file_unless_it_may(tmp_path, rows):
    path = tables.write(rows[:1], tmp_path / "t.csv", overwrite=False)
    assert refused(tables.write, rows, path, overwrite=False).key == "table-exists"
    assert len(tables.read(path)) == 1


def test_append__other_columns_are_refused_and_named(tmp_path, rows):
    path = tables.write(rows[:1], tmp_path / "t.csv")
    other = rg.extract(noise(), ball(), convention="pyradiomics", bin_width=25)
    error = refused(tables.write, other, path, append=True)
    assert error.key == "table-columns-differ"
    assert "original_firstorder_10Percentile" in str(error)
    assert "stat_mean" in str(error)


@pytest.mark.parametrize("suffix", FORMATS)
def test_read__a_damaged_table_is_told(tmp_path, suffix):
    (tmp_path / f"t{suffix}").write_bytes(b'[{"case": "a\xff')
    error = refused(tables.read, tmp_path / f"t{suffix}")
    assert error.key == "table-damaged"


def test_read__a_count_that_is_no_number_is_told(tmp_path):
    (tmp_path / "t.csv").write_text("case,n_voxels\na,many\n")
    assert "many" in str(refused(tables.read, tmp_path / "t.csv"))


def test_read__a_missing_table_is_told(tmp_path):
    assert refused(tables.read, tmp_path / "t.csv").key == "table-missing"


def test_parquet__without_pyarrow_says_how_to_install_it(tmp_path, rows, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **more):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    error = refused(tables.write, rows, tmp_path / "t.parquet")
    assert error.key == "table-needs-pyarrow"
    assert "rgteach[parquet]" in str(error)


# ---------------------------------------------------------------- the list of cases


def listed(tmp_path, data: bytes) -> list[cases.Case]:
    (tmp_path / "list.csv").write_bytes(data)
    return cases.read_cases(tmp_path / "list.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cases__are_read_as_spreadsheets_save_them(tmp_path, encoding, delimiter):
    text = "Case,image,mask,label,site\n病例1,a/t1.nii,a/m.nii,2,X\n\n 002 ,b.nii,b_m.nii,,Y\n"
    first, second = listed(tmp_path, text.replace(",", delimiter).encode(encoding))
    assert (first.case, first.label, first.line) == ("病例1", "2", 2)
    assert first.image == str(tmp_path / "a/t1.nii")
    assert (second.case, second.label, second.series) == ("002", "", "")


def test_cases__whole_paths_stay_whole(tmp_path):
    whole = tmp_path / "elsewhere" / "a.nii"
    (case,) = listed(tmp_path, f"case,image,mask\n1,{whole},m.nii\n".encode())
    assert case.image == str(whole)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("case,image\na,b\n", "cases-no-column"),
        ("", "cases-no-column"),
        ("case,image,mask\n", "cases-empty"),
        ("case,image,mask\na,b,c\na,d,e\n", "cases-twins"),
    ],
)
def test_cases__a_list_that_cannot_be_right_is_refused(tmp_path, text, key):
    assert refused(listed, tmp_path, text.encode()).key == key


def test_cases__one_case_with_two_labels_is_no_twin(tmp_path):
    assert len(listed(tmp_path, b"case,image,mask,label\na,b,c,1\na,b,c,2\n")) == 2
