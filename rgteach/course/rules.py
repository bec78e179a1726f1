"""What a page must have.  Each rule raises a PageError that names the page, the line and the way out."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rgteach.course import source, terms
from rgteach.course.model import BREACHES, PROPERTIES, ROLES, Cell, Exercise, Page, PageError, Question
from rgteach.wording import LANGUAGES

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CODE = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$|\{\{.*?\}\}", re.DOTALL)  # the same in every language
_WORD = re.compile(r"[A-Za-z]{2,}")
FEWEST_MISTAKES = 3
LONGEST_NAME = 40  # a cell is called after its exercise and role, within the 64 characters of the format
HINTS = 3
QUESTIONS = 5  # of a self-test
FEWEST_CHOICES = 3
LETTERS = "abcd"


def nearest(word: str, known) -> str:
    """The known word that looks most like the one given, or all of them."""
    close = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.5)
    return close[0] if close else ", ".join(known)


def front_matter(path: Path, given: object) -> dict:
    """The block that says which lab this is, as fields of a Page."""

    def refuse(field: str, allowed: str):
        raise PageError("page-front-matter", page=path.name, field=field, allowed=allowed)

    if not isinstance(given, Mapping):
        refuse("rgteach", '{lab: "01", kind: lesson, minutes: 35, title: {en: …, zh: …}}')
    if not re.fullmatch(r"\d\d", str(given.get("lab"))) or not isinstance(given["lab"], str):
        refuse("lab", '"01"')
    if not path.stem.startswith(given["lab"] + "_"):
        refuse("lab", f'"{path.stem[:2]}"')
    if given.get("kind") not in ("lesson", "exercise"):
        refuse("kind", "lesson, exercise")
    if not isinstance(given.get("minutes"), int) or given["minutes"] <= 0:
        refuse("minutes", "35")
    if not _in_both(given.get("title")):
        refuse("title", "{en: …, zh: …}")
    if not terms.are_dotted(given.get("forbids", [])):
        refuse("forbids", "[sklearn, scipy.stats.rankdata]")
    if given.get("breach", BREACHES[0]) not in BREACHES:
        refuse("breach", ", ".join(BREACHES))
    fields = {name: given[name] for name in ("lab", "kind", "minutes")} | {"title": dict(given["title"])}
    return fields | {"forbids": tuple(given.get("forbids", ())), "breach": given.get("breach", BREACHES[0])}


def _in_both(texts: object) -> bool:
    return isinstance(texts, Mapping) and all(
        isinstance(texts.get(lang), str) and texts[lang].strip() for lang in LANGUAGES
    )


def role(path: Path, line: int, kind: str, given: str | None) -> str:
    """The role of a cell; code without one is `code`, text without one is a mistake."""
    if given is None and kind == "markdown":
        raise PageError("page-no-role", page=path.name, line=line)
    given = given or "code"
    if given not in ROLES:
        raise PageError(
            "page-unknown-role", page=path.name, line=line, given=given, nearest=nearest(given, ROLES)
        )
    if ROLES[given][0] != kind:
        raise PageError("page-cell-kind", page=path.name, line=line, role=given, kind=ROLES[given][0])
    return given


def language(path: Path, line: int, lang: str | None) -> None:
    """Every text says which language it is in."""
    if lang not in LANGUAGES:
        raise PageError("page-language", page=path.name, line=line, given=lang, known=", ".join(LANGUAGES))


def cell(path: Path, cell: Cell) -> None:
    """What holds for one cell alone."""
    place = {"page": path.name, "line": cell.line, "role": cell.role}
    allowed, needs_exercise = ROLES[cell.role][1:]
    for option in cell.options:
        if option not in allowed:
            known = [*allowed, *(["exercise"] if needs_exercise else []), "role", "lang"]
            raise PageError("page-unknown-option", **place, given=option, nearest=nearest(option, known))
    if needs_exercise and not _is_name(cell.exercise):
        raise PageError("page-exercise-id", **place, given=cell.exercise)
    if cell.exercise and not needs_exercise:
        raise PageError("page-unknown-option", **place, given="exercise", nearest="statement")
    if cell.role in ("question", "why") and not _is_name(cell.options.get("question")):
        raise PageError("page-question-name", **place, given=cell.options.get("question"))
    if (
        "zh" in cell.text
        and not _HAN.search(cell.text["zh"])
        and _WORD.search(_CODE.sub("", cell.text["zh"]))
    ):
        raise PageError("page-not-chinese", **place)
    if cell.is_code:
        _code(place, cell.code)


def _is_name(given: object) -> bool:
    return bool(_ID.fullmatch(str(given))) and len(str(given)) <= LONGEST_NAME


def twins(path: Path, english: Cell, chinese: Cell) -> None:
    """What two twins have in common."""
    rights = english.options.get("right"), chinese.options.get("right")
    if rights[0] != rights[1]:
        place = {"page": path.name, "line": chinese.line, "question": english.options.get("question")}
        raise PageError("page-question-rights", **place, english=rights[0], chinese=rights[1])


def _code(place: dict, code: str) -> None:
    english, chinese = source.comment_twins(code)
    if english != chinese:
        raise PageError("page-comment-twins", **place, english=english, chinese=chinese)
    if line := source.told_after_code(code):
        raise PageError("page-comment-after-code", **place, code=line)
    if re.search(r"^\s*[%!]", code, re.MULTILINE):
        return  # IPython's own lines are not Python; running the page will tell
    try:
        compile(code, place["page"], "exec")
    except SyntaxError as error:
        raise PageError("page-syntax", **place, reason=f"{error.msg} ({error.lineno})") from None


def check(page: Page) -> None:
    """What holds for the page as a whole."""
    of_exercises = [cell for cell in page.cells if cell.exercise or cell.role in ("question", "why")]
    if page.kind == "lesson" and of_exercises:
        first = of_exercises[0]
        raise PageError("page-exercise-in-lesson", page=page.path.name, line=first.line, role=first.role)
    _self_test(page)
    for exercise in page.exercises.values():
        place = {"page": page.path.name, "line": exercise.cells[0].line, "exercise": exercise.id}
        _stands_together(page, exercise, place)
        (_open_exercise if exercise.is_open else _exercise)(exercise, place)


def _stands_together(page: Page, exercise: Exercise, place: dict) -> None:
    """Two exercises with one name show up as cells of one that stand apart."""
    where = [k for k, cell in enumerate(page.cells) if cell.exercise]
    mine = [k for k in where if page.cells[k].exercise == exercise.id]
    if where.index(mine[-1]) - where.index(mine[0]) != len(mine) - 1:
        raise PageError("page-exercise-twice", **place)


def _parts(exercise: Exercise, place: dict, once: tuple[str, ...], maybe: tuple[str, ...] = ()) -> None:
    counts = Counter(cell.role for cell in exercise.cells)
    for part in once:
        if not counts[part]:
            raise PageError("page-missing-part", **place, part=part)
        if counts[part] > 1:
            second = exercise.all(part)[1].line
            raise PageError("page-part-twice", **{**place, "line": second}, part=part)
    for part in counts:
        if part not in once + maybe:
            raise PageError("page-part-unexpected", **place, part=part, parts=", ".join(once + maybe))


def _open_exercise(exercise: Exercise, place: dict) -> None:
    _parts(exercise, place, ("think", "rubric", "explain"), ("starter", "hint"))
    _options(exercise.one("think").options, {**place, "line": exercise.one("think").line})


def _exercise(exercise: Exercise, place: dict) -> None:
    _parts(exercise, place, ("statement", "answer", "cases", "explain"), ("wrong", "twin", "race", "hint"))
    for part, fewest in (("wrong", FEWEST_MISTAKES), ("twin", 1)):
        if len(exercise.all(part)) < fewest:
            raise PageError(f"page-few-{part}s", **place, count=len(exercise.all(part)), fewest=fewest)
    if len(exercise.all("hint")) != HINTS:
        raise PageError("page-hints", **place, count=len(exercise.all("hint")), wanted=HINTS)
    _answer(exercise, {**place, "line": exercise.one("answer").line})
    _mistakes(exercise, place)
    for part in ("wrong", "twin"):
        for cell in exercise.all(part):
            if exercise.function not in source.functions(cell.code):
                raise PageError(
                    "page-other-function",
                    **{**place, "line": cell.line},
                    part=part,
                    function=exercise.function,
                )
    _race(exercise, place)
    missing = {"public", "hidden"} - set(source.functions(exercise.one("cases").code))
    if missing:
        raise PageError(
            "page-cases", **{**place, "line": exercise.one("cases").line}, missing=", ".join(missing)
        )


def _answer(exercise: Exercise, place: dict) -> None:
    answer = exercise.one("answer")
    found = source.functions(answer.code)
    if not found or answer.options.get("function", next(iter(found))) not in found:
        raise PageError("page-no-function", **place, function=answer.options.get("function", "def …"))
    if not source.marks_are_paired(answer.code):
        raise PageError("page-solution-marks", **place)
    _options(answer.options, place)
    terms.answer(answer.options, place)
    for name in answer.options.get("properties", ()):
        if name not in PROPERTIES:
            raise PageError("page-property", **place, given=name, nearest=nearest(name, PROPERTIES))
    for lang in LANGUAGES:
        try:
            compile(source.stub(answer.code, lang), "stub", "exec")
        except SyntaxError as error:
            raise PageError("page-stub", **place, reason=f"{error.msg} ({error.lineno})") from None


def _options(options: Mapping[str, object], place: dict) -> None:
    for name in ("points", "seconds", "rtol", "atol"):
        given = options.get(name, None if name == "points" else 1)
        lowest_fits = given is not None and not isinstance(given, bool) and isinstance(given, int | float)
        if not lowest_fits or given < 0 or (given == 0 and name in ("points", "seconds")):
            raise PageError("page-number-option", **place, option=name, given=given)


def _mistakes(exercise: Exercise, place: dict) -> None:
    seen: set[str] = set()
    for cell in exercise.all("wrong"):
        place = {**place, "line": cell.line}
        name = str(cell.options.get("expects", ""))
        if not _ID.fullmatch(name):
            raise PageError("page-mistake-name", **place, given=name)
        if name in seen:
            raise PageError("page-mistake-twice", **place, name=name)
        if not _in_both(cell.options.get("says")) or not _HAN.search(cell.options["says"]["zh"]):
            raise PageError("page-says", **place, name=name)
        terms.mistake(cell.options, place)
        seen.add(name)


def _race(exercise: Exercise, place: dict) -> None:
    if len(exercise.all("race")) > 1:
        raise PageError("page-part-twice", **{**place, "line": exercise.all("race")[1].line}, part="race")
    cell = exercise.one("race")
    if cell and source.functions(cell.code).get("race") != []:
        raise PageError("page-race", **{**place, "line": cell.line})


def _self_test(page: Page) -> None:
    """Five questions with names of their own, each with its why right behind it."""
    cells = [cell for cell in page.cells if cell.role in ("question", "why")]
    seen = set(page.exercises)
    for cell in cells:
        place = {"page": page.path.name, "line": cell.line, "question": cell.options["question"]}
        if cell.role == "question":
            if place["question"] in seen:
                raise PageError("page-question-twice", **place)
            seen.add(place["question"])
            _question(page.questions[place["question"]], place)
        _why(page, cell, place)
    count = len(page.questions)
    if count not in (0, QUESTIONS):
        raise PageError(
            "page-questions", page=page.path.name, line=cells[-1].line, count=count, wanted=QUESTIONS
        )


def _question(question: Question, place: dict) -> None:
    for lang in LANGUAGES:
        given = question.choices(lang)
        if not FEWEST_CHOICES <= len(given) <= len(LETTERS) or given != list(LETTERS[: len(given)]):
            raise PageError("page-question-choices", **place, lang=lang, given=", ".join(given) or "-")
    if question.choices("en") != question.choices("zh"):
        raise PageError("page-question-choices", **place, lang="zh", given=", ".join(question.choices("zh")))
    if question.right not in question.choices("en"):
        allowed = ", ".join(question.choices("en"))
        raise PageError(
            "page-question-right", **place, given=question.cell.options.get("right"), allowed=allowed
        )


def _why(page: Page, cell: Cell, place: dict) -> None:
    """A question is followed by its why, and a why follows its question."""
    at = page.cells.index(cell)
    partner, wanted = (at + 1, "why") if cell.role == "question" else (at - 1, "question")
    other = page.cells[partner] if 0 <= partner < len(page.cells) else None
    if not other or other.role != wanted or other.options.get("question") != place["question"]:
        raise PageError("page-question-why", **place, role=cell.role, other=wanted)
