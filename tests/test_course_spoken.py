"""Speaker's notes: written in the page, kept beside the lesson, in no student's notebook."""

import json

from rgteach.course import notebooks, spoken
from rgteach.course.build import build
from rgteach.course.page import read
from rgteach.present import lessons

PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
rgteach: {lab: "91", kind: lesson, minutes: 5, title: {en: "A lesson", zh: "一课"}}
---

+++ {"role": "prose", "lang": "en"}

# Lab 91

Text.

+++ {"role": "prose", "lang": "zh"}

# 实验 91

正文。

+++ {"role": "prose", "lang": "en"}

## Second

**Predict.** What?

+++ {"role": "prose", "lang": "zh"}

## 第二节

**先猜一猜。** 什么？

+++ {"role": "notes", "lang": "en"}

Wait for *three* answers.

+++ {"role": "notes", "lang": "zh"}

等*三个*人回答。

```{code-cell}
1 + 1
```
"""


def written(tmp_path):
    (tmp_path / "notebooks").mkdir()
    path = tmp_path / "notebooks" / "91_topic.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_notes__belong_to_the_heading_before_them_and_are_in_no_notebook(tmp_path):
    page = read(written(tmp_path))
    assert spoken.notes(page, "en", {}) == {"1": "Wait for *three* answers."}
    assert spoken.notes(page, "zh", {}) == {"1": "等*三个*人回答。"}
    for lang in ("en", "zh"):
        told = json.dumps(notebooks.notebook(page, "lesson", lang), ensure_ascii=False)
        assert "answers" not in told
        assert "三个" not in told


def test_notes__are_built_compared_shown_and_taken_away(tmp_path):
    source = written(tmp_path)
    build(tmp_path, execute=False)
    file = tmp_path / "notebooks" / "en" / "91_topic.notes.json"
    assert json.loads(file.read_text(encoding="utf-8")) == {"1": "Wait for *three* answers."}
    lesson = lessons.read(tmp_path / "notebooks" / "en" / "91_topic.ipynb")
    assert [(note.heading, note.text) for note in lessons.notes(lesson)] == [
        ("Lab 91", ""),
        ("Second", "Wait for *three* answers."),
    ]
    assert build(tmp_path, execute=False, check=True).ok
    file.write_text("{}", encoding="utf-8")
    assert any("notes.json" in told for told in build(tmp_path, execute=False, check=True).differences)
    start, rest = PAGE.split('+++ {"role": "notes", "lang": "en"}')
    source.write_text(start + rest[rest.index("```") :], encoding="utf-8")
    build(tmp_path, execute=False)
    assert not file.exists()
    (tmp_path / "notebooks" / "en" / "90_gone.notes.json").write_text("{}")
    assert any("90_gone" in told for told in build(tmp_path, execute=False, check=True).differences)


def test_numbers__of_notes_are_measured_though_no_notebook_holds_the_notes(tmp_path):
    path = written(tmp_path)
    path.write_text(PAGE.replace("*three* answers", "{{ 6 * 7 }} answers"), encoding="utf-8")
    page = read(path)
    assert list(notebooks.expressions(page, "lesson")) == ["6 * 7"]
    assert spoken.notes(page, "en", {"6 * 7": "42"}) == {"1": "Wait for 42 answers."}
