"""Tables as other people's spreadsheets save them are read as they were meant."""

import numpy as np
import pandas as pd
import pytest

from rgteach import tables
from rgteach.errors import LearnerError
from rgteach.tables.sheets import open_sheet

TEXT = "编号,年龄,突变\nP1,61.5,突变型\nP2,,野生型\nP3,70,未知\n"


def refused(path, **more) -> LearnerError:
    with pytest.raises(LearnerError) as error:
        open_sheet(path, **more)
    assert str(error.value)
    return error.value


@pytest.fixture
def sheet(tmp_path):
    """Write bytes or text and open them."""

    def opened(content, name="t.csv", **more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_sheet(path, **more)

    return opened


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_encoding__chinese_is_read_whatever_excel_wrote(sheet, encoding, told):
    found = sheet(TEXT.encode(encoding))
    assert found.encoding == told
    assert list(found.frame.columns) == ["编号", "年龄", "突变"]
    assert found.frame["年龄"].tolist()[0] == 61.5
    assert found.frame["突变"].isna().tolist() == [False, False, True]


def test_encoding__western_letters_do_not_stop_it(sheet):
    found = sheet("id,größe,é\n1,2,3\n".encode("cp1252"))
    assert len(found.frame.columns) == 3
    assert found.frame.iloc[0, 1] == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter__is_found(sheet, delimiter, end):
    lines = ["id;x;y", "A;1.5;2", "B;2.5;Unknown"]
    found = sheet(end.join(line.replace(";", delimiter) for line in lines))
    assert found.delimiter == delimiter
    assert found.frame["x"].tolist() == [1.5, 2.5]
    assert np.isnan(found.frame["y"][1])


def test_decimal__a_comma_between_semicolons_is_a_decimal_sign(sheet):
    found = sheet('id;x;y\nA;1,5;1\nB;"2,25";2\nC;-3,5E-2;3\n')
    assert found.frame["x"].tolist() == [1.5, 2.25, -0.035]
    assert sheet("id;x\nA;1.5\nB;2.25\n").frame["x"].tolist() == [1.5, 2.25]


def test_numbers__are_read_to_the_last_digit(sheet):
    values = np.random.default_rng(0).normal(size=200) * 10.0 ** np.arange(-100, 100)
    found = sheet("id,x\n" + "\n".join(f"P{k},{value!r}" for k, value in enumerate(values.tolist())))
    assert found.frame["x"].tolist() == values.tolist()


def test_id__stays_text_whatever_it_looks_like(sheet):
    found = sheet("ID,x\n007,1\n7,2\n1e5,3\n", text=("ID",))
    assert found.frame["ID"].tolist() == ["007", "7", "1e5"]


@pytest.mark.parametrize(
    "gap", ["Unknown", "UNKNOWN", "Not collected", "N/A", "#DIV/0!", "[Not Available]", ""]
)
def test_gaps__words_for_unknown_do_not_turn_numbers_into_text(sheet, gap):
    found = sheet(f"id,x\nA,1\nB,{gap}\n")
    assert found.frame["x"].dtype == float
    assert np.isnan(found.frame["x"][1])


def test_gaps__minus_and_none_are_kept_as_they_can_mean_no(sheet):
    assert sheet("id,x\nA,-\nB,None\n").frame["x"].tolist() == ["-", "None"]


def test_gaps__a_word_of_ones_own(sheet):
    assert sheet("id,x\nA,1\nB,QNS\n", missing=("QNS",)).frame["x"].dtype == float


def test_head__empty_lines_and_names_are_mended(sheet):
    found = sheet("\n , ,\nid, x ,\nA,1,2\n,,\nB,2,3\n\n")
    assert list(found.frame.columns) == ["id", "x", "column 3"]
    assert found.frame["x"].tolist() == [1, 2]


def test_head__a_first_column_without_a_name_is_a_column(sheet):
    """As pandas writes a table with its index."""
    found = sheet(pd.DataFrame({"x": [1.0, 2]}, index=["A", "B"]).to_csv())
    assert list(found.frame.columns) == ["column 1", "x"]
    assert found.frame["x"].tolist() == [1, 2]


def test_head__the_same_name_twice_is_refused_and_not_renamed(sheet, tmp_path):
    (tmp_path / "t.csv").write_text("id,x,y, x\n1,2,3,4\n")
    error = refused(tmp_path / "t.csv")
    assert (error.key, error.values["names"]) == ("sheet-twin-columns", "x")


def test_lines__with_too_many_cells_are_a_sentence(tmp_path):
    (tmp_path / "t.csv").write_text("id,x\nA,1\nB,2,3,4\n")
    assert refused(tmp_path / "t.csv").key == "table-damaged"


def test_quotes__hold_delimiters_and_line_ends(sheet):
    found = sheet('id,"Pleural invasion (elastic, visceral)",note\nA,1,"two\nlines, here"\n')
    assert found.frame.columns[1] == "Pleural invasion (elastic, visceral)"
    assert found.frame.shape == (1, 3)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("t.xlsx", b"PK\x03\x04", "sheet-is-workbook"),
        ("t.csv", b"PK\x03\x04rest", "sheet-is-workbook"),
        ("t.csv", b"\xd0\xcf\x11\xe0\0\0\0\0", "sheet-is-workbook"),
        ("t.csv", b"", "sheet-empty"),
        ("t.csv", b"id,x\n", "sheet-empty"),
        ("t.csv", b",,\n", "sheet-empty"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_file__that_is_no_table_is_a_sentence(tmp_path, monkeypatch, name, content, key, lang):
    monkeypatch.setenv("RGTEACH_LANG", lang)
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name).key == key


def test_file__that_is_not_there_or_a_folder_is_a_sentence(tmp_path):
    assert refused(tmp_path / "no.csv").key == "table-missing"
    assert refused(tmp_path).key == "table-is-folder"


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_file__that_rgteach_wrote_is_read(tmp_path, suffix):
    path = tables.write([{"case": "007", "cm_x": 1.5}, {"case": "8", "cm_x": None}], tmp_path / f"t{suffix}")
    pd.testing.assert_frame_equal(open_sheet(path).frame, tables.read(path))
