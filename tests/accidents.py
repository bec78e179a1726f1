"""Forty things that happen to a notebook on its way, and what is to be said of each."""

import copy
import itertools

from handedin import at, code, course, get, source, text

FIRST, SECOND, THIRD = "glcm-pairs", "glcm-symmetric-p", "glcm-contrast-correlation"
A, B, C = (f"{name}-answer" for name in (FIRST, SECOND, THIRD))


def all_answers(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["metadata"]["rgteach"]["role"] == "answer"]


def reordered(notebook):
    notebook["cells"].reverse()


def copied_below(notebook):
    """Copied, then the copy was written in and the first left as it was given."""
    again = copy.deepcopy(get(notebook, A)) | {"id": "a1b2c3d4"}
    get(notebook, A)["source"] = source(course()["02"].released["en"]["cells"][at(notebook, A)])
    notebook["cells"].insert(at(notebook, A) + 1, again)


def copied_above(notebook):
    """Copied, the copy left as it was given, with the same id, as older programs do."""
    given = copy.deepcopy(get(notebook, A))
    given["source"] = source(course()["02"].released["en"]["cells"][at(notebook, A)])
    notebook["cells"].insert(at(notebook, A), given)


def copied_id(notebook):
    tried_twice(notebook)
    get(notebook, "first-try")["id"] = A


def tried_twice(notebook):
    """A first try stands above, in a copy."""
    first = copy.deepcopy(get(notebook, A)) | {"id": "first-try"}
    first["source"] = "def count_pairs(levels, dy, dx, n_levels):\n    return np.zeros((n_levels, n_levels))"
    notebook["cells"].insert(at(notebook, A), first)


def broken_copy_below(notebook):
    """A second try below is no Python, so the first one is what the kernel has."""
    later = copy.deepcopy(get(notebook, A)) | {"id": "second-try"}
    later["source"] = "def count_pairs(levels, dy, dx, n_levels):\n    return counts["
    notebook["cells"].insert(at(notebook, A) + 1, later)


def split_inside(notebook, keep_marks=True, upper_is_new=False):
    """Ctrl+Shift+Minus in the middle of the function."""
    cell = get(notebook, A)
    lines = source(cell).split("\n")
    upper, lower = copy.deepcopy(cell), copy.deepcopy(cell)
    upper["source"], lower["source"] = "\n".join(lines[:3]), "\n".join(lines[3:])
    new = upper if upper_is_new else lower
    new["id"] = "f00dfeed"
    if not keep_marks:
        new["metadata"] = {}
    notebook["cells"][at(notebook, A) : at(notebook, A) + 1] = [upper, lower]


def split_without_marks(notebook):
    split_inside(notebook, keep_marks=False)


def split_with_the_new_cell_above(notebook):
    split_inside(notebook, keep_marks=False, upper_is_new=True)


def split_off_a_helper(notebook):
    cell = get(notebook, A)
    helper = copy.deepcopy(cell) | {"id": "helper", "source": "def add(table, i, j):\n    table[i, j] += 1"}
    cell["source"] = source(cell).replace("    counts = np", "    _ = add\n    counts = np")
    notebook["cells"].insert(at(notebook, A), helper)


def merged_into_one(notebook):
    """Everything selected, then Shift+M: the first cell's id and marks, all code in one."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    whole = copy.deepcopy(cells[0])
    whole["source"] = "\n\n".join(source(cell) for cell in cells)
    notebook["cells"] = [whole]


def two_merged(notebook):
    first, second = get(notebook, A), get(notebook, B)
    first["source"] = source(first) + "\n\n\n" + source(second)
    notebook["cells"].remove(second)


def swapped(notebook):
    first, second = get(notebook, A), get(notebook, B)
    first["source"], second["source"] = second["source"], first["source"]


def all_but_answers_deleted(notebook):
    notebook["cells"] = all_answers(notebook)


def ids_lost(notebook):
    """Saved by an editor that knows version 4.4."""
    for cell in notebook["cells"]:
        del cell["id"]
    notebook["nbformat_minor"] = 4


def metadata_lost(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    notebook["metadata"] = {}


def all_marks_lost(notebook):
    metadata_lost(notebook)
    ids_lost(notebook)


def lines_left(notebook):
    """Only a line says what is what, and the function was written as a lambda elsewhere."""
    for cell in all_answers(notebook):
        cell["source"] = f"# EXERCISE: {cell['metadata']['rgteach']['exercise']}\n{source(cell)}"
    all_marks_lost(notebook)


def tags_flipped(notebook):
    """The marks of two answers are swapped, and the ids gone."""
    first, second = get(notebook, A), get(notebook, B)
    first["metadata"], second["metadata"] = second["metadata"], first["metadata"]
    ids_lost(notebook)


def tags_missing(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["rgteach"].pop("role")
        cell["metadata"].pop("nbgrader", None)
        cell["metadata"]["tags"] = ["hide-input", 7]


def extra_cells(notebook):
    notebook["cells"].insert(0, code("counts = 1 / 0"))
    notebook["cells"].insert(at(notebook, A), code("p = joint_probability(levels)\nprint(p)"))
    notebook["cells"].append(code("import os\nos.listdir('/')\nwhile False: pass"))


def magics(notebook):
    cell = get(notebook, A)
    cell["source"] = "%matplotlib inline\n%config x.y = 'z'\n!pip install it's\n" + source(cell)
    cell["source"] += "\n%timeit count_pairs(np.ones((9, 9), int), 0, 1, 2)\ncount_pairs?\nfiles = !ls"
    get(notebook, B)["source"] = "%%time\n" + source(get(notebook, B))
    get(notebook, C)["source"] = "%%timeit -n 1 x = 1\n" + source(get(notebook, C))


def exported_magic(notebook):
    cell = get(notebook, A)
    cell["source"] = "get_ipython().run_line_magic('matplotlib', 'inline')\n" + source(cell)


def answer_turned_markdown(notebook):
    cell = get(notebook, A)
    cell["cell_type"] = "markdown"
    cell["source"] = f"```python\n{source(cell)}\n```"
    get(notebook, B)["cell_type"] = "raw"


def prose_turned_code(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["cell_type"] = "code"
            cell["source"] = source(cell) + "\ndef count_pairs(levels, dy, dx, n_levels): no"


def windows_lines(notebook):
    for cell in notebook["cells"]:
        cell["source"] = source(cell).replace("\n", "\r\n").splitlines(keepends=True)


def with_bom_inside(notebook):
    get(notebook, A)["source"] = "\ufeff" + source(get(notebook, A))


def zero_bytes_inside(notebook):
    get(notebook, A)["source"] = source(get(notebook, A)).replace("\n", "\n\0", 1)


def noisy(notebook):
    """Prints, warnings and outputs of a run."""
    cell = get(notebook, A)
    cell["source"] = (
        "import sys, warnings\n" + source(cell) + "\nprint('x', file=sys.stderr)\nwarnings.warn('y')"
    )
    cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": ["Warning\n"]}]


def setup_changed(notebook):
    """An import of one's own in our first cell, used in an answer."""
    setup = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    setup["source"] = source(setup) + "\nfrom math import sqrt as root"
    get(notebook, B)["source"] = source(get(notebook, B)) + "\n_ = root(4)"


def checked_in_the_answer(notebook):
    cell = get(notebook, A)
    cell["source"] = source(cell) + f'\n\nrg.check("{FIRST}")\nrg.race(\n    "{FIRST}"\n)'


def written_in_the_check(notebook):
    """The answer was written above `rg.check`, and the answer cell left as it was given."""
    check, cell = get(notebook, f"{FIRST}-check"), get(notebook, A)
    check["source"] = source(cell) + "\n" + source(check)
    cell["source"] = source(course()["02"].released["en"]["cells"][at(notebook, A)])


def deleted_and_written_anew(notebook):
    notebook["cells"].append(code(source(get(notebook, A))))
    notebook["cells"].remove(get(notebook, A))


def renamed_function(notebook):
    cell = get(notebook, A)
    cell["source"] = source(cell).replace("count_pairs", "countpairs")


def line_left_behind(notebook):
    """The line that asks for an answer was left below the last `return`."""
    get(notebook, A)["source"] = source(get(notebook, A)) + '\n    raise NotImplementedError("Write here.")'


def version_three(notebook):
    """The format of before 2015: sheets, and code as `input`."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source"), "language": "python", "prompt_number": 3}
        del cell["id"]
    sheets = [{"cells": notebook.pop("cells"), "metadata": {}}]
    notebook |= {"worksheets": sheets, "nbformat": 3, "nbformat_minor": 0}


def junk_in_cells(notebook):
    """Metadata and outputs that no program should write."""
    for cell, junk in zip(notebook["cells"], itertools.cycle([None, 3, [], "x"])):
        cell["outputs"] = junk
        cell["metadata"]["nbgrader"] = junk
        cell["metadata"]["tags"] = junk
        cell["attachments"] = {"a": junk}


def half_a_surrogate(notebook):
    notebook["cells"].append(text("half a sign: \ud83d"))
    get(notebook, A)["source"] = source(get(notebook, A)) + "\n# \ud83d"


LOST = {"ids-lost", "marks-lost", "lab-guessed", "written-elsewhere"}
# name: (what happens, how the first answer is found, flags of the answers, notes)
ACCIDENTS = {
    "nothing": (lambda notebook: None, "id", set(), set()),
    "reordered": (reordered, "id", set(), set()),
    "copied below, the first left unwritten": (copied_below, "mark", set(), set()),
    "copied above, left unwritten, same id": (copied_above, "id", set(), set()),
    "both written, same id": (copied_id, "id", {"copied-id", "several"}, set()),
    "tried twice": (tried_twice, "id", {"several"}, set()),
    "a broken try below": (broken_copy_below, "id", {"several"}, set()),
    "split inside the function": (split_inside, "id", {"split"}, set()),
    "split, the new half without marks": (split_without_marks, "id", {"split"}, set()),
    "split, the new half above": (split_with_the_new_cell_above, "id", {"split"}, set()),
    "split off a helper": (split_off_a_helper, "id", {"split"}, set()),
    "merged into one": (merged_into_one, "name", {"by-name", "shared-cell"}, set()),
    "two merged": (two_merged, "id", {"shared-cell", "by-name"}, set()),
    "swapped": (swapped, "name", {"by-name"}, set()),
    "all but answers deleted": (all_but_answers_deleted, "id", set(), set()),
    "ids lost": (ids_lost, "mark", set(), {"ids-lost"}),
    "metadata lost": (metadata_lost, "id", set(), {"marks-lost", "lab-guessed"}),
    "all marks lost": (all_marks_lost, "name", {"by-name"}, LOST),
    "only lines left": (lines_left, "line", set(), LOST),
    "tags flipped": (tags_flipped, "name", {"by-name"}, {"ids-lost"}),
    "tags missing": (tags_missing, "id", set(), {"marks-lost"}),
    "extra cells": (extra_cells, "id", set(), set()),
    "magics": (magics, "id", {"magics"}, set()),
    "a magic as an export writes it": (exported_magic, "id", set(), set()),
    "answers turned into text": (answer_turned_markdown, "id", {"cell-type"}, set()),
    "text turned into code": (prose_turned_code, "id", set(), set()),
    "lines of Windows": (windows_lines, "id", set(), set()),
    "a byte order mark in a cell": (with_bom_inside, "id", set(), set()),
    "zero bytes in a cell": (zero_bytes_inside, "id", {"zero-bytes"}, set()),
    "warnings and printing": (noisy, "id", set(), set()),
    "the first cell changed": (setup_changed, "id", set(), set()),
    "checked in the answer": (checked_in_the_answer, "id", set(), set()),
    "written in the cell that checks": (written_in_the_check, "name", {"by-name", "misplaced"}, set()),
    "deleted and written anew": (deleted_and_written_anew, "name", {"by-name"}, set()),
    "the function renamed": (renamed_function, "id", {"renamed"}, set()),
    "the line that asks left below": (line_left_behind, "id", set(), set()),
    "version 3 of the format": (version_three, "mark", set(), {"ids-lost", "old-format"}),
    "junk in cells": (junk_in_cells, "id", set(), set()),
    "half a surrogate": (half_a_surrogate, "id", set(), set()),
}
