"""Read a page: MyST Markdown with cell roles, both languages side by side, one set of code cells.

A lesson is `notebooks/NN_topic.md`, its exercises are `solutions/NN_topic.md`.  The front matter says which
lab it is:

    jupytext: {text_representation: {extension: .md, format_name: myst}}
    kernelspec: {name: python3, display_name: Python 3}
    rgteach: {lab: "02", kind: lesson, minutes: 35, title: {en: "…", zh: "…"}}      kind: lesson | exercise

A Markdown cell opens with `+++ {"role": "prose", "lang": "en"}` and is followed at once by its `"lang":
"zh"` twin:

    prose       text of the page
    notes       what the speaker says at the heading before it; in no notebook, shown by `rgteach present`
    statement   what an exercise asks; its first heading is the exercise's title
    hint        three an exercise: a question, a place to look, half a line
    explain     the discussion, in the solved notebook and in `rg.solution`
    think       the statement of an open exercise, which a person marks; carries "points"
    rubric      how an open exercise is marked, shown under the cell that students write in

A code cell is a fenced `{code-cell}` with a YAML header between `---` lines; without a role it is `code`:

    code        runs on the way; tags: [nbval-check-output] has its output compared, [raises-exception] lets
                it raise, as `rg.check` does of a wrong answer under pytest
    answer      the solution; points, and where needed function (default: the last at the top level),
                rtol (1e-9), atol (1e-12), seconds (5, for each call), properties (see PROPERTIES), which are
                looked at before digits; for grading weights, forbids and breach
    cases       `public()` and `hidden(rng)`; each yields (group, arguments), group one of GROUPS,
                arguments a tuple of plain values or arrays
    wrong       the same function with one typical mistake; expects: its-name, says: {en: "…", zh: "…"},
                and perhaps earns
    twin        the same function by another way; of: rgteach, numpy, scipy, plain Python …
    race        `race()` gives the arguments on which the student's function and the twins are timed, once it
                is right: as large as is fair for plain Python, 0.3 s for one call at most
    starter     code of an open exercise, which runs untouched

Every cell of an exercise carries "exercise": its-name, and they stand together: statement, answer, cases,
at least three wrong, at least one twin, perhaps a race, three hints, explain; or think, perhaps a starter
and hints, rubric, explain.  The cells that check and race, and the one to write in, are added by the build.

A page may end in a self-test, five questions, each a pair of texts and right behind it the pair that says
why; "question" names both, and the build adds the cell in which a student answers:

    question    the question, and three or four lines `- **a** …`, `- **b** …`; carries "right": "b"
    why         one or two sentences, shown with the right choice; its text is in the key, but not readable

In code, a line `# en: …` or `# zh: …` is kept in its language only, and `rg.setup()` is given it.  Between
`# <solution>` and `# </solution>` everything but such comments is taken from the student's notebook, and
the first such block raises NotImplementedError instead.  An exercise may expect an error: where the
solution raises, the student's function has to raise the same type.

An answer is graded on hidden cases, other ones for each student.  They stand in groups, each earned whole or
not at all: `weights: {ordinary: 7, edge: 2, degenerate: 1}`, where ordinary is hand and random together and
nothing is earned without it.  A timeout ends the calls, and what was earned before it stays; an answer that
is not steady earns nothing, one that changes its input half.  A named mistake earns at most half of the
points; one that shows only at an edge says so with `earns: 0.8` on its cell.  `forbids: [scipy.stats.skew]`
names what an answer may not import or call, and the statement has to say it too; in the front matter it holds
for all answers of the page.  `forbids: [rgteach]` leaves checks and hints.  `breach: flag` (a person decides,
the default), `half` or `zero` says what an answer keeps that does it all the same.

`{{ expression }}` in Markdown becomes `f"{expression}"`, evaluated when the whole lesson, or the whole
solved notebook, has run: `{{ mean:.1f }}`.  What a page must have stands in `rules`; what it must prove, in
`proofs`.
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
            rules.twins(path, waiting, cell)
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
        and other.options.get("question") == english.options.get("question")
    )
