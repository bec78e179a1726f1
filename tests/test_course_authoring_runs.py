"""An authoring notebook runs from top to bottom; a new lab builds and proves at once."""

from types import SimpleNamespace

import pytest
from minilab import EXERCISES

from rgteach.course import page, proofs
from rgteach.course.authoring import apart, skeleton, to_notebook, to_page
from rgteach.course.authoring.marks import AuthoringError
from rgteach.course.authoring.to_notebook import START

AFTER = """\
import numpy as np
assert spread(np.array([2.0, 9.0, 4.0])) == 7.0, "a mistake took the solution's name"
assert "public" not in globals() and "hidden" not in globals()
print("the solution stands")"""


def test_notebook__runs_from_top_to_bottom_and_answers_stay_solutions():
    import nbformat
    from nbclient import NotebookClient

    made = to_notebook.notebook(EXERCISES.read_text(encoding="utf-8"))
    made["cells"].append({"cell_type": "code", "id": "after", "metadata": {}, "source": AFTER,
                          "execution_count": None, "outputs": []})  # fmt: skip
    notebook = nbformat.from_dict(made)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert "the solution stands" in notebook.cells[-1].outputs[0]["text"]
    assert to_page.page({**made, "cells": notebook.cells[:-1]}).text == EXERCISES.read_text(encoding="utf-8")


class Shell:
    """As much of IPython as is asked for: names, and cells that begin and end."""

    def __init__(self):
        self.user_ns = {"In": [""], "_": 1, "x": 1, "kept": [1]}
        self.watch = apart.Apart(self)

    def run(self, source: str) -> None:
        self.watch.begins(SimpleNamespace(raw_cell=source))
        self.user_ns["In"].append(source)
        try:
            exec(source, self.user_ns)
        except ZeroDivisionError:
            pass
        self.watch.ends(None)


@pytest.mark.parametrize("role", apart.APART)
def test_apart__names_are_as_they_were(role):
    shell = Shell()
    shell.run(f"#| role: {role}, exercise: a\nx = 2\nnew = 3\ndel kept\n_ = 5\n1 / 0")
    names = {name: value for name, value in shell.user_ns.items() if not name.startswith("__")}
    assert names == {"In": shell.user_ns["In"], "_": 5, "x": 1, "kept": [1]}
    assert len(shell.user_ns["In"]) == 2


@pytest.mark.parametrize(
    "mark", ["#| role: answer\n", "", "#| role: [\n", "# role: wrong\n", '"""#| role: wrong"""\n']
)
def test_apart__other_cells_run_as_always(mark):
    shell = Shell()
    shell.run(f"{mark}x = 2")
    assert shell.user_ns["x"] == 2


def test_begin__outside_of_a_notebook_does_nothing():
    exec(START, {})


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A new lab under a title that would break a careless template."""
    root = tmp_path_factory.mktemp("course")
    skeleton.new(root, "08_a_topic", title='Say "hi": {x} @LAB@ # no', title_zh="标题：一")
    return root


def test_new__its_pages_keep_every_rule_and_prove_everything(lab):
    lesson, exercise = (page.read(lab / folder / "08_a_topic.md") for folder in ("notebooks", "solutions"))
    assert lesson.title == {"en": 'Say "hi": {x} @LAB@ # no', "zh": "标题：一"}
    assert list(exercise.exercises) == ["a-topic-share", "a-topic-think"]
    assert proofs.prove(exercise) == []


def test_new__the_lesson_computes_what_its_text_quotes(lab):
    from rgteach.course.bench import Bench
    from rgteach.course.notebooks import expressions

    lesson = page.read(lab / "notebooks" / "08_a_topic.md")
    numbers = Bench(lesson).numbers(expressions(lesson, "lesson"))
    assert 0 < float(numbers["above:.2f"]) < 1


@pytest.mark.parametrize(
    ("name", "key"),
    [("08_a_topic", "new-exists"), ("08_other", "new-number"), ("8_x", "new-name"), ("08_X", "new-name"),
     ("08", "new-name"), ("../08_x", "new-name"), ("08_x/y", "new-name"), ("08_con ", "new-name")],
)  # fmt: skip
def test_new__overwrites_nothing_and_takes_no_odd_name(lab, name, key):
    before = sorted(lab.rglob("*"))
    with pytest.raises(AuthoringError) as error:
        skeleton.new(lab, name)
    assert error.value.key == key
    assert str(error.value)
    assert sorted(lab.rglob("*")) == before


def test_new__a_page_beside_one_that_is_there(tmp_path):
    skeleton.new(tmp_path, "09_x", kinds=("lesson",))
    made = skeleton.new(tmp_path, "09_x", kinds=("exercise",))
    assert [p.parent.name for p in made] == ["solutions"]
    with pytest.raises(AuthoringError):
        skeleton.new(tmp_path, "09_x")


def test_new__a_long_topic_gives_names_that_fit():
    text = skeleton.page("exercise", "10_" + "very_long_topic_" * 4 + "x", "T", "题")
    names = {line.split()[1] for line in text.split("\n") if line.startswith("exercise: ")}
    assert all(len(name) <= 40 and not name.startswith("-") and "--" not in name for name in names)
