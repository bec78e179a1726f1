"""What is found for one exercise: helpers that come along, what a person should know, words and letters."""

import pytest
from accidents import FIRST, A, B
from handedin import THOUGHT, at, code, course, get, kinds, read, solved, source, text

from rgteach import wording
from rgteach.grading import submission
from rgteach.grading.lines import cleaned

HEAD = "def count_pairs(levels, dy, dx, n_levels):\n"
BODY = "    return levels"


def answered(folder, *cells: str, first: str = "", notebook=None):
    """The answer of the first exercise, with this source and these cells before the first."""
    notebook = notebook or solved()
    if first:
        get(notebook, A)["source"] = first
    notebook["cells"][:0] = [code(cell) for cell in cells]
    return read(folder, notebook).answers[FIRST]


# ---------------------------------------------------------------- helpers


def test_helpers__what_an_answer_needs_comes_along_and_nothing_else(tmp_path):
    found = answered(
        tmp_path,
        "import math\nlevels = 1 / 0\ncounts = count_pairs(levels, 0, 1, 3)",
        "LIMIT = 3\nTABLE = {}\nTABLE['a'] = LIMIT\nfor k in range(LIMIT):\n    TABLE[k] = math.sqrt(k)",
        "def twice(x):\n    return 2 * x + TABLE['a']\n\n\nprint(twice(3))",
        "n_levels, dy = 3, 4",
        first=HEAD + "    counts = twice(levels)\n    return [k for k in counts if k in TABLE]",
    )
    assert found.helpers == (
        "import math",
        "LIMIT = 3",
        "TABLE = {}",
        "TABLE['a'] = LIMIT",
        "for k in range(LIMIT):\n    TABLE[k] = math.sqrt(k)",
        "def twice(x):\n    return 2 * x + TABLE['a']",
    )


def test_helpers__come_from_the_answer_to_another_exercise(tmp_path):
    notebook = solved()
    get(notebook, B)["source"] = source(get(notebook, B)) + "\n    _ = count_pairs"
    (helper,) = read(tmp_path, notebook).answers["glcm-symmetric-p"].helpers
    assert helper.startswith("def count_pairs")


def test_helpers__a_stub_of_another_exercise_is_none(tmp_path):
    notebook = solved()
    get(notebook, B)["source"] = source(get(notebook, B)) + "\n    _ = count_pairs"
    get(notebook, A)["source"] = HEAD + '    raise NotImplementedError("write")'
    assert read(tmp_path, notebook).answers["glcm-symmetric-p"].helpers == ()


def test_helpers__a_star_import_comes_where_a_name_is_missing(tmp_path):
    cells = ("from math import *", "from os import *")
    assert answered(tmp_path, *cells).helpers == ()
    first = HEAD + "    return sqrt(2)"
    assert answered(tmp_path, *cells, first=first).helpers == cells


def test_helpers__released_names_are_the_masters(tmp_path):
    assert answered(tmp_path, "import math as np", "np = None").helpers == ()


def test_helpers__that_use_the_function_itself_are_not_run_before_it(tmp_path):
    cells = ("best = count_pairs(3)",)
    found = answered(tmp_path, *cells, first=HEAD + BODY + "\n\nprint(best)")
    assert found.helpers == ()


# ---------------------------------------------------------------- what a person should know

TOLD = {
    "not-at-top": "class Mine:\n    " + HEAD + "        return self",
    "async": "async " + HEAD + BODY,
    "line-left": HEAD + '    raise NotImplementedError("write")\n    return levels',
    "wide-character": HEAD + "    x = “a”\n    return (levels）",
    "renamed": "def countPairs(levels, dy, dx, n_levels):\n" + BODY,
}


@pytest.mark.parametrize("kind", TOLD)
def test_flag__what_a_person_should_know_is_told_with_its_line(kind, tmp_path):
    found = answered(tmp_path, first=TOLD[kind])
    assert (found.found, found.cells) == ("id", (TOLD[kind],))
    (flag,) = found.flags
    assert flag.kind == kind
    if flag.line:
        assert flag.code == found.source.split("\n")[flag.line - 1].strip()


@pytest.mark.parametrize("block", ["if True:", "try:", "for _ in [0]:", "with open(__file__):"])
def test_function__in_a_block_is_defined_all_the_same(block, tmp_path):
    inner = (HEAD + BODY).replace("\n", "\n    ")
    end = "\nexcept OSError:\n    pass" if block == "try:" else ""
    found = answered(tmp_path, first=f"{block}\n    {inner}{end}")
    assert (found.found, found.flags) == ("id", ())


def test_syntax_error__is_still_the_answer(tmp_path):
    found = answered(tmp_path, first=HEAD + "    return levels[")
    assert (found.found, found.flags, len(found.cells)) == ("id", (), 1)


@pytest.mark.parametrize("magic", ["bash", "html", "writefile helper.py", "javascript", "script perl"])
def test_magic__a_cell_of_another_language_is_refused_and_told(magic, tmp_path):
    found = answered(tmp_path, first=f"%%{magic}\n{HEAD}{BODY}")
    assert (found.found, kinds(found.flags)) == ("", {"cell-magic"})
    assert found.flags[0].values == {"magic": f"%%{magic.split()[0]}"}


def test_deleted__is_not_found_and_told(tmp_path):
    notebook = solved()
    notebook["cells"].remove(get(notebook, A))
    found = read(tmp_path, notebook).answers[FIRST]
    assert (found.found, found.cells, kinds(found.flags)) == ("", (), {"cell-missing"})


def test_renamed__is_called_by_its_own_name(tmp_path):
    found = answered(tmp_path, first=TOLD["renamed"])
    assert found.function == "countPairs"


def test_renamed__elsewhere_only_if_it_looks_the_same(tmp_path):
    notebook = solved()
    notebook["cells"].remove(get(notebook, A))
    cells = [
        "def count_pair(levels, dy, dx, n_levels): return 1",
        "def spread(levels, dy, dx, n_levels): return 2",
    ]
    found = answered(tmp_path, *cells, notebook=notebook)
    assert (found.found, found.function, found.cells) == ("name", "count_pair", (cells[0],))
    other = ["def count_pairs_2(a, b): return 1"]
    notebook["cells"] = notebook["cells"][2:]
    assert answered(tmp_path, *other, notebook=notebook).found == ""


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("kind", TOLD)
def test_flag__has_a_sentence(kind, lang, tmp_path):
    (flag,) = answered(tmp_path, first=TOLD[kind]).flags
    assert submission.told(flag, lang)


# ---------------------------------------------------------------- lines of IPython

LINES = {
    "x = 5\n%timeit f(x)\ny = x % 3": "x = 5\n# %timeit f(x)\ny = x % 3",
    "for k in a:\n    %time f(k)\n!ls it's": "for k in a:\n    pass  # %time f(k)\n# !ls it's",
    "t = '''\n%not a magic\n!nor this\n'''\n!ls": "t = '''\n%not a magic\n!nor this\n'''\n# !ls",
    "v = (a\n% b)\n?help": "v = (a\n% b)\n# ?help",
    "np.max?\nf??\nx = !ls": "# np.max?\n# f??\n# x = !ls",
    "s = 'it\\'s' # don't\n%cd x": "s = 'it\\'s' # don't\n# %cd x",
    "!a \\\n  b\nx = 1": "# !a \\\n  # b\nx = 1",
    "x = 1 \\\n  + 2\n%who": "x = 1 \\\n  + 2\n# %who",
    "%%time\nx = 1": "# %%time\nx = 1",
    "a\r\nb\rc": "a\nb\nc",
}


@pytest.mark.parametrize("given", LINES)
def test_lines__of_ipython_are_set_aside_and_texts_are_not(given):
    read, _ = cleaned(given)
    assert read.source == LINES[given]
    assert read.is_python


def test_lines__python_stays_as_it_is():
    for text_ in ("x = 5 % 3", "a = [1,\n  2]", "def f():\n\treturn 1", "# %not", '"""\n%no\n"""'):
        assert cleaned(text_)[0].source == text_
        assert cleaned(text_)[1] == ()


# ---------------------------------------------------------------- words and letters


def thought(folder, change) -> tuple[str, set[str]]:
    notebook = solved()
    change(notebook, get(notebook, "glcm-think-write"))
    handed = read(folder, notebook)
    return handed.written["glcm-think"], kinds(handed.notes)


def moved_below(notebook, cell):
    new = text(cell["source"])
    notebook["cells"].insert(at(notebook, "glcm-think-rubric") + 1, new)
    released = course()["02"].released["en"]["cells"]
    cell["source"] = source(next(c for c in released if c["id"] == cell["id"]))


def added_to_the_question(notebook, cell):
    asked = get(notebook, "glcm-think-think")
    asked["source"] = source(asked) + "\n\n" + cell["source"]
    notebook["cells"].remove(cell)


def turned_into_code(notebook, cell):
    cell["cell_type"] = "code"


def in_two_cells(notebook, cell):
    first, second = THOUGHT.split(", ")
    cell["source"] = first
    notebook["cells"].insert(at(notebook, cell["id"]) + 1, text(second))


def marks_lost(notebook, cell):
    for other in notebook["cells"]:
        other["metadata"] = {}
        other.pop("id")


MOVED = {
    moved_below: {"written-elsewhere"},
    added_to_the_question: {"written-elsewhere"},
    turned_into_code: set(),
    marks_lost: {"written-elsewhere", "ids-lost", "marks-lost"},
}


@pytest.mark.parametrize("change", MOVED)
def test_words__are_found_where_they_went(change, tmp_path):
    assert thought(tmp_path, change) == (THOUGHT, MOVED[change])


def test_words__in_two_cells_stand_in_their_order(tmp_path):
    words, notes = thought(tmp_path, in_two_cells)
    assert words == THOUGHT.replace(", ", "\n\n")
    assert notes == {"written-elsewhere"}


def test_words__code_that_was_tried_comes_along(tmp_path):
    def tried(notebook, cell):
        notebook["cells"].insert(at(notebook, "glcm-think-starter") + 1, code("print(ct.mean())"))

    words, notes = thought(tmp_path, tried)
    assert words == f"```python\nprint(ct.mean())\n```\n\n{THOUGHT}"
    assert notes == set()


DRESSES = {
    'rg.answer("glcm-q1", "c")': "c",
    "rg.answer('glcm-q1', letter='C')": "c",
    'import rgteach\nrgteach.answer(letter=" (c) ", question="glcm-q1")': "c",
    'answer(\n    "glcm-q1",\n    "c",\n)': "c",
    'rg.answer("glcm-q1", c)': "c",
    "rg.answer(“glcm-q1”，“ｃ”)": "c",
    "x = rg.answer('glcm-q1', 'a')\n!ls\nrg.answer('glcm-q1', 'c')": "c",
    '# rg.answer("glcm-q1", "c")': "",
    'rg.answer("glcm-q1", "")': "",
    'rg.answer("glcm-q1")': "",
    'rg.answer("glcm-q1", "c" * 3)': "",
}


@pytest.mark.parametrize("call", DRESSES)
def test_letter__is_read_in_any_dress(call, tmp_path):
    notebook = solved()
    get(notebook, "glcm-q1-choose")["source"] = call
    assert read(tmp_path, notebook).letters.get("glcm-q1", "") == DRESSES[call]
