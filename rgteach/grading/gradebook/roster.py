"""A class list out of a CSV file: of Canvas, of Moodle, or a plain one, told apart by its header.

Canvas      the gradebook's export: Student (or LastName, FirstName), ID, SIS User ID, SIS Login ID, perhaps
            Integration ID and Root Account, Section, then assignments as "Title (id)"; below it perhaps a row
            about posting, and the row "Points Possible" (`GradebookExporter` in lib/gradebook_exporter.rb and
            `GradebookImporter` in lib/gradebook_importer.rb of github.com/instructure/canvas-lms)
Moodle      the grader report's or the participants' export: First name, Last name (once: Surname), ID
            number, Institution, Department, Email address, Groups, then grade items as
            "Assignment: Title (Real)" (docs.moodle.org/en/Grade_import; grade/import/csv of
            github.com/moodle/moodle)
plain       id (学号), name (姓名), email, section, language, in any order; only the id or the email is needed
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rgteach.errors import LearnerError
from rgteach.grading.gradebook.points import exact
from rgteach.grading.gradebook.sheets import Sheet

# what a column holds -> how it may be headed, in small letters, without spaces and _
_PLAIN = {
    "id": "id studentid student user username userid login loginid netid studentnumber 学号 用户名 学生编号",
    "name": "name fullname studentname displayname 姓名 学生姓名 名字",
    "first": "firstname givenname forename 名",
    "last": "lastname familyname surname 姓 姓氏",
    "email": "email emailaddress mail 邮箱 电子邮件 电子邮箱 邮件 邮箱地址 电子邮件地址 email地址",
    "section": "section group groups class course 班级 班 小组 组 分组 教学班 小组名",
    "lang": "language lang 语言",
    "number": "idnumber 编号 id号 学籍号 id编号",
    "institution": "institution 机构 单位 学校",
    "department": "department 院系 系 部门",
}
_CANVAS = {
    "student": "name",
    "lastname": "last",
    "firstname": "first",
    "id": "canvas",
    "sisuserid": "sis",
    "sisloginid": "login",
    "integrationid": "integration",
    "rootaccount": "account",
    "section": "section",
}
_CALCULATED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_TEST_STUDENT = "Student, Test"  # whom Canvas adds to every course
_ITEM, _FEEDBACK = re.compile("[:：]"), re.compile("feedback|反馈", re.IGNORECASE)
_LANGUAGES = dict.fromkeys(("en", "english", "英文", "英语"), "en")
_LANGUAGES |= dict.fromkeys(("zh", "zh-cn", "chinese", "中文", "汉语"), "zh")


@dataclass(frozen=True)
class Person:
    """A student of the list; `ids` is what learning platforms say of the student."""

    key: str
    name: str = ""
    email: str = ""
    section: str = ""
    lang: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """A class list; `columns` are the columns of grades of its file, with the points possible if it says."""

    system: str  # canvas, moodle or plain
    people: tuple[Person, ...]
    columns: tuple[tuple[str, int | None], ...] = ()


def read(sheet: Sheet) -> Roster:
    """The class list that a sheet holds."""
    heads = [_squeezed(cell) for cell in sheet.header]
    if "sisloginid" in heads or ("student" in heads and "id" in heads and "section" in heads):
        return _canvas(sheet, heads)
    return _other(sheet, heads)


def _squeezed(cell: str) -> str:
    return re.sub(r"[\s_\-]+", "", cell).lower()


def _canvas(sheet: Sheet, heads: list[str]) -> Roster:
    known = {head: at for at, head in enumerate(heads) if head in _CANVAS}
    graded = [
        at for at in range(max(known.values()) + 1, len(heads)) if not _CALCULATED.search(sheet.header[at])
    ]
    possible: tuple[str, ...] = ()
    people = []
    for line, row in sheet.rows:
        found = {_CANVAS[head]: _cell(row, at) for head, at in known.items()}
        if "Points Possible" in row[0]:
            possible = row
        elif row[0] != _TEST_STUDENT and any(found.get(part) for part in ("canvas", "login", "sis")):
            people.append((line, _from_canvas(found)))
    columns = tuple((sheet.header[at], _points(_cell(possible, at))) for at in graded if sheet.header[at])
    return Roster("canvas", _distinct(sheet, people), columns)


def _from_canvas(found: dict[str, str]) -> Person:
    """Canvas sorts by "Last, First" and tells no email; what students log in with is their key."""
    name = found.get("name") or ", ".join(filter(None, (found.get("last"), found.get("first"))))
    last, comma, first = name.partition(", ")
    key = found.get("login") or found.get("sis") or found["canvas"]
    ids = {
        part: found[part] for part in ("canvas", "sis", "login", "integration", "account") if found.get(part)
    }
    if comma:
        ids |= {"sortable": name}
    email = key if "@" in key else ""
    return Person(key, f"{first} {last}" if comma else name, email, found.get("section", ""), "", ids)


def _other(sheet: Sheet, heads: list[str]) -> Roster:
    known = {}
    for at, head in enumerate(heads):
        for meaning, words in _PLAIN.items():
            if head in words.split() and meaning not in known:
                known[meaning] = at
    if not known.keys() & {"id", "number", "email"}:
        raise LearnerError("gradebook-no-id-column", path=sheet.path, columns=", ".join(sheet.header[:12]))
    moodle = "number" in known or {"first", "last", "email"} <= known.keys()
    people = []
    for line, row in sheet.rows:
        person = _from_plain({meaning: _cell(row, at) for meaning, at in known.items()})
        if not person.key:
            raise LearnerError("gradebook-no-id", path=sheet.path, line=line)
        people.append((line, person))
    others = [head for at, head in enumerate(sheet.header) if moodle and at not in known.values()]
    items = tuple((head, None) for head in others if _ITEM.search(head) and not _FEEDBACK.search(head))
    return Roster("moodle" if moodle else "plain", _distinct(sheet, people), items)


def _from_plain(found: dict[str, str]) -> Person:
    first, last = found.get("first", ""), found.get("last", "")
    together = f"{last}{first}" if re.search(r"[\u3400-\u9fff]", last + first) else f"{first} {last}".strip()
    key = found.get("id") or found.get("number") or found.get("email", "")
    kept = ("first", "last", "number", "institution", "department")
    return Person(
        key,
        found.get("name") or together,
        found.get("email", ""),
        found.get("section", ""),
        _LANGUAGES.get(found.get("lang", "").lower(), ""),
        {part: found[part] for part in kept if found.get(part)},
    )


def _distinct(sheet: Sheet, people: list[tuple[int, Person]]) -> tuple[Person, ...]:
    """The people once each; one id for two people, or one that a spreadsheet has rounded, is refused."""
    by_key: dict[str, Person] = {}
    for line, person in people:
        if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", person.key, re.IGNORECASE):
            raise LearnerError("gradebook-rounded-id", path=sheet.path, line=line, given=person.key)
        before = by_key.setdefault(person.key, person)
        if before.name != person.name or before.email != person.email:
            raise LearnerError("gradebook-same-id", path=sheet.path, line=line, given=person.key)
    if not by_key:
        raise LearnerError("gradebook-table-empty", path=sheet.path)
    return tuple(by_key.values())


def _cell(row: tuple[str, ...], at: int) -> str:
    return row[at] if at < len(row) else ""


def _points(cell: str) -> int | None:
    try:
        return exact(cell.replace(",", "."))
    except ValueError:
        return None
