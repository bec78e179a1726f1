"""Read a page: MyST Markdown with cell roles, both languages side by side, one set of code cells.

Front matter
    rgteach: {lab: "02", kind: lesson | exercise, minutes: 35, title: {en: …, zh: …}}
Markdown cells open with `+++ {"role": …, "lang": "en"}` and are followed at once by their `"lang": "zh"`
twin.
    prose            text of the page
    statement        what an exercise asks; with "exercise": id
    hint             three a exercise: a question, a place to look, half a line
    explain          the discussion, shown in the solved notebook only
    think            the statement of an open exercise that a person marks; with "points"
    rubric           how an open exercise is marked
Code cells are ```{code-cell}``` with a YAML header between `---` lines; without a role it is `code`.
    code             run on the way; `tags: [nbval-check-output]` has its output compared
    answer           the solution, between `# <solution>` and `# </solution>`; with exercise, points and,
    where
                     needed, function, rtol, atol, seconds, properties (checked before digits)
    cases            `public()` and `hidden(rng)`, each yields `(group, args)`, group one of GROUPS
    wrong            the same function with one typical mistake; with expects: name, says: {en: …, zh: …}
    twin             the same function through a trusted library; with of: its name
    starter          code of an open exercise, runs untouched

In code a comment `# en: …` or `# zh: …` is kept in its language only (see `source`).  `{{ expression }}` in
Markdown is replaced at build time by `f"{expression}"`, evaluated where the whole page has run.  What a
page must have stands in `rules`; what it must prove, in `proofs`.
"""

from __future__ import annotations

from pathlib import Path

from rgteach.course import rules
from rgteach.course.model import Cell, Page, PageError
from rgteach.wording import LANGUAGES


def read(path: Path | str) -> Page:
    """Read and check a page.

    Raises
    ------
    PageError
        With the page, the line, and what to do.
    """
    path = Path(path)
    notebook = _parse(path)
    front = rules.front_matter(path, notebook.metadata.get("rgteach"))
    raw = zip(notebook.cells, notebook.metadata["source_map"], strict=True)
    cells = [_cell(path, cell, line) for cell, line in raw]
    page = Page(path, cells=tuple(_with_twins(path, cells)), **front)
    rules.check(page)
    return page


def _parse(path: Path):
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook

    try:
        text = path.read_text(encoding="utf-8")
        return myst_to_notebook(text, add_source_map=True)
    except (OSError, UnicodeDecodeError, MystMetadataParsingError, ValueError, TypeError) as error:
        raise PageError("page-unreadable", page=path.name, reason=str(error)) from error


def _cell(path: Path, raw, line: int) -> Cell:
    """One cell as it stands, its own language in `text` when it is Markdown."""
    options = dict(raw.metadata)
    role = rules.role(path, line, raw.cell_type, options.pop("role", None))
    lang, exercise = options.pop("lang", None), options.pop("exercise", "")
    if raw.cell_type == "code":
        cell = Cell(role, line, code=raw.source, exercise=exercise, options=options)
    else:
        rules.language(path, line, lang)
        cell = Cell(role, line, text={lang: raw.source}, exercise=exercise, options=options)
    rules.cell(path, cell)
    return cell


def _with_twins(path: Path, cells: list[Cell]):
    """Put each English text together with the Chinese one that follows it."""
    waiting: Cell | None = None
    for cell in [*cells, None]:
        if waiting is not None:
            if not _are_twins(waiting, cell):
                raise PageError("page-missing-twin", page=path.name, line=waiting.line, role=waiting.role)
            yield Cell(
                waiting.role,
                waiting.line,
                {**waiting.text, **cell.text},
                "",
                waiting.exercise,
                waiting.options,
            )
            waiting = None
        elif cell is not None and not cell.is_code:
            if LANGUAGES[0] not in cell.text:
                raise PageError("page-english-first", page=path.name, line=cell.line, role=cell.role)
            waiting = cell
        elif cell is not None:
            yield cell


def _are_twins(english: Cell, other: Cell | None) -> bool:
    return (
        other is not None
        and not other.is_code
        and list(other.text) == ["zh"]
        and (other.role, other.exercise) == (english.role, english.exercise)
    )
