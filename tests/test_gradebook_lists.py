"""Class lists from learning platforms, whose submissions those are, and files for the platforms."""

import csv
from dataclasses import replace

import pytest
from books import add, made, new_book, one, standing

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import deciding, export, people, roster, sheets
from rgteach.grading.gradebook.points import exact, shown

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 02: GLCM (777),Quiz 2 (3),Bonus (4),Current Score
,,,,,Manual Posting,,,
    Points Possible,,,,,20,10,5,(read only)
"Smith, Alice",11,S1,alice@uni.org,A and B,,,,
"O'Brien, Zoë",12,S2,zoe,A,,,,
"Student, Test",99,,x,A,,,,
"""
MOODLE = (
    '"First name","Last name","ID number",Institution,Department,"Email address",'
    '"Assignment: Lab 02 (Real)","Feedback: Lab 02","Course total (Real)"\n'
    "Alice,Smith,2026001,,Bio,alice@uni.org,,,\n小明,王,2026002,,,wang@uni.org,,,\n"
)
PLAIN = "学号,姓名,邮箱,班级,语言\n2026001,王小明,wang@uni.org,一班,中文\n2026002,李雷,,一班,英文\n"


def sheet(folder, text: str, encoding: str = "utf-8") -> sheets.Sheet:
    (folder / "list.csv").write_bytes(text.encode(encoding))
    return sheets.read(folder / "list.csv")


def bring(book, folder, text: str, encoding: str = "utf-8") -> people.Imported:
    found = roster.read(sheet(folder, text, encoding))
    with book.writing() as session:
        return people.bring(session, found, "tester")


def exported(book, folder, form: str, **more) -> tuple[export.Exported, list[list[str]]]:
    with book.reading() as session:
        done = export.export(session, folder / "out.csv", form, **more)
    data = (folder / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return done, list(csv.reader(data.decode("utf-8-sig").splitlines()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_list__a_plain_one_in_chinese_is_read_in_every_usual_encoding(tmp_path, encoding):
    found = roster.read(sheet(tmp_path, PLAIN, encoding))
    wang = roster.Person("2026001", "王小明", "wang@uni.org", "一班", "zh")
    assert (found.system, found.people[0], found.people[1].lang) == ("plain", wang, "en")


def test_list__western_names_from_an_old_spreadsheet_do_not_become_chinese(tmp_path):
    found = roster.read(sheet(tmp_path, "id;name\n1;Jürgen Groß\n2;Renée\n", "cp1252"))
    assert [person.name for person in found.people] == ["Jürgen Groß", "Renée"]


def test_list__of_canvas_keeps_its_numbers_and_columns(tmp_path):
    found = roster.read(sheet(tmp_path, CANVAS))
    assert [person.key for person in found.people] == ["alice@uni.org", "zoe"]
    assert found.people[0].name == "Alice Smith"
    ids = {"canvas": "11", "sis": "S1", "login": "alice@uni.org", "sortable": "Smith, Alice"}
    assert found.people[0].ids == ids
    assert found.columns == (("Lab 02: GLCM (777)", 2000), ("Quiz 2 (3)", 1000), ("Bonus (4)", 500))


def test_list__of_canvas_with_semicolons_and_two_columns_of_names(tmp_path):
    text = "LastName;FirstName;ID;SIS Login ID;Section;Lab 02 (7)\n    Points Possible;;;;;20,00\n"
    text += "Smith;Alice;11;al;A;\n"
    found = roster.read(sheet(tmp_path, text))
    assert (found.people[0].name, found.people[0].key, found.columns) == (
        "Alice Smith",
        "al",
        (("Lab 02 (7)", 2000),),
    )


def test_list__of_moodle_puts_names_together_as_each_language_does(tmp_path):
    found = roster.read(sheet(tmp_path, MOODLE))
    assert [(p.key, p.name) for p in found.people] == [("2026001", "Alice Smith"), ("2026002", "王小明")]
    assert found.columns == (("Assignment: Lab 02 (Real)", None),)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("name,section\nAlice,A\n", "gradebook-no-id-column"),
        ("id,name\n1,Alice\n,Bob\n", "gradebook-no-id"),
        ("id,name\n1,Alice\n1,Bob\n", "gradebook-same-id"),
        ("学号,姓名\n2.02612E+11,王\n", "gradebook-rounded-id"),
        ("id,name\n", "gradebook-table-empty"),
        ("", "gradebook-table-empty"),
    ],
)
def test_list__what_could_mix_students_up_is_refused(tmp_path, text, key):
    with pytest.raises(LearnerError) as error:
        roster.read(sheet(tmp_path, text))
    assert error.value.key == key


def test_list__what_no_encoding_fits_is_refused(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"id,name\n1,\x81\x8d\xff")
    with pytest.raises(LearnerError) as error:
        sheets.read(tmp_path / "list.csv", "utf-8")
    assert error.value.key == "gradebook-encoding"


@pytest.mark.parametrize("before", [True, False], ids=["list first", "submissions first"])
@pytest.mark.parametrize("name", ["alice", "alice@uni.org", "S1", "11", "Alice Smith", "smithalice", "ALICE"])
def test_names__a_submission_finds_its_student_by_whatever_tells(tmp_path, name, before):
    book = new_book(tmp_path)
    if before:
        bring(book, tmp_path, CANVAS)
    add(book, [one(name, kind="right"), one("nobody", kind="right")])
    if not before:
        found = bring(book, tmp_path, CANVAS).found
        assert found == (() if name == "alice@uni.org" else ((name, "alice@uni.org"),))
    assert standing(book, "S1").final == exact(one(name, kind="right").points)
    assert not standing(book, "nobody").who.listed


def test_names__two_students_of_one_name_are_never_guessed_between(tmp_path):
    book = new_book(tmp_path)
    bring(book, tmp_path, "id,name\n1,Li Wei\n2,Li Wei\n")
    add(book, [one("liwei", kind="right")])
    assert standing(book, "1").work is None
    assert not standing(book, "liwei").who.listed
    with book.writing() as session:
        people.join(session, "liwei", "2", "tester")
    assert standing(book, "2").work is not None
    with book.writing() as session:
        people.join(session, "liwei", "liwei", "tester")
    assert standing(book, "2").work is None
    with pytest.raises(LearnerError, match="Li Wei"), book.reading() as session:
        people.one(session, "Li Wei")


def test_names__lists_of_two_platforms_are_one_class(tmp_path):
    book = new_book(tmp_path)
    bring(book, tmp_path, CANVAS)
    counts = bring(book, tmp_path, MOODLE)
    assert (counts.new, counts.known) == (1, 1)
    again = bring(book, tmp_path, MOODLE)
    assert (again.new, again.known) == (0, 2)
    with book.reading() as session:
        alice = people.one(session, "2026001")
        assert (alice.key, alice.ids["canvas"], alice.ids["number"]) == ("alice@uni.org", "11", "2026001")


def test_canvas__columns_numbers_and_points_are_those_of_its_own_export(tmp_path):
    book, graded = new_book(tmp_path), one("alice", kind="right")
    bring(book, tmp_path, CANVAS)
    add(book, [graded, one("stranger")])
    done, rows = exported(book, tmp_path, "canvas")
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 02: GLCM (777)"],
        ["    Points Possible", "", "", "", "", "20"],
        ["Smith, Alice", "11", "S1", "alice@uni.org", "A and B", shown(exact(graded.points))],
        ["O'Brien, Zoë", "12", "S2", "zoe", "A", ""],
    ]
    assert (done.left_out, done.waiting, done.students) == (("stranger",), 1, 2)
    assert exported(book, tmp_path, "canvas", zero=True)[1][3][-1] == "0"


def test_canvas__other_points_possible_are_refused_or_converted(tmp_path):
    book, graded = new_book(tmp_path), one("alice", kind="right")
    bring(book, tmp_path, CANVAS)
    add(book, [graded])
    with pytest.raises(LearnerError) as error:
        exported(book, tmp_path, "canvas", columns={"02": "3"})
    assert error.value.key == "gradebook-other-points"
    _, rows = exported(book, tmp_path, "canvas", columns={"02": "3"}, scale=True)
    assert rows[1][-1] == "10"
    assert rows[2][-1] == shown(exact(graded.points) * 10 // 20)


@pytest.mark.parametrize("wish", [{}, {"02": "999"}, {"02": "Quiz"}, {"09": "777"}], ids=str)
def test_canvas__a_column_that_is_not_there_or_not_the_only_one_is_refused(tmp_path, wish):
    book = new_book(tmp_path)
    bring(book, tmp_path, CANVAS if wish else CANVAS.replace("Bonus (4)", "Lab 2 bonus (4)"))
    add(book, [one("alice")])
    with pytest.raises(LearnerError):
        exported(book, tmp_path, "canvas", columns=wish)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("header", "fits"),
    [("Lab 02: GLCM (777)", True), ("Lab 2 (1)", True), ("02 GLCM (1)", True), ("实验2：纹理", True),
     ("Assignment: Lab 02 (Real)", True), ("作业：实验 02", True), ("Quiz 2 (3)", False),
     ("Lab 20 (1)", False),
     ("Lab 12 (1)", False), ("2 (1)", False),
     ("Prelab 02", False)],
)  # fmt: skip
def test_column__is_found_by_the_lab_its_title_begins_with_and_by_nothing_less(header, fits):
    assert export._names(header, "02") is fits


def test_moodle__has_the_names_that_its_import_finds_students_by(tmp_path):
    book = new_book(tmp_path)
    bring(book, tmp_path, MOODLE)
    add(book, [one("2026002", kind="right")])
    _, rows = exported(book, tmp_path, "moodle")
    assert rows[0] == [*export._MOODLE, "Assignment: Lab 02 (Real)"]
    assert rows[1] == ["Alice", "Smith", "2026001", "", "Bio", "alice@uni.org", ""]
    assert rows[2][:2] == ["小明", "王"]


def test_plain__has_a_row_a_student_and_lab_with_all_that_led_to_the_points(tmp_path):
    book = new_book(tmp_path)
    add(book, made(14))
    with book.writing() as session:
        deciding.change(session, "02", "alice", "set", 270, "agreed", "Li")
    done, rows = exported(book, tmp_path, "csv")
    alice = next(dict(zip(rows[0], row, strict=True)) for row in rows if row[0] == "alice")
    assert (alice["final"], alice["changed"], alice["out_of"]) == ("2.7", "yes", "20")
    assert done.students == len(rows) - 1 == 13


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u3000=1"])
def test_export__no_text_of_a_student_is_a_formula(tmp_path, bad):
    book = new_book(tmp_path)
    add(book, [replace(one(), student=bad)])
    for form in export.FORMATS:
        _, rows = exported(book, tmp_path, form)
        cells = [cell for row in rows for cell in row]
        assert any(bad.strip() in cell for cell in cells)
        assert not [c for c in cells if c.strip(" \u3000")[:1] in tuple("=+-@\t\r") and c.strip(" \u3000")]


def test_export__what_was_made_safe_is_read_again_as_it_was(tmp_path):
    sheets.write(tmp_path / "list.csv", [["id", "name"], ["1", "=Ann"], ["0012", "+Bo"]])
    found = roster.read(sheets.read(tmp_path / "list.csv"))
    assert [(p.key, p.name) for p in found.people] == [("1", "=Ann"), ("0012", "+Bo")]
