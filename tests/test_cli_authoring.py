"""`rgteach new` and `rgteach import` as an instructor types them."""

import json

import pytest


def test_new__then_import_there_and_back(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("new", "08_topic", "--title", "Topic", "--title-zh", "题目")
    assert code == 0
    assert "rgteach build 08" in out
    before = (tmp_path / "solutions" / "08_topic.md").read_bytes()
    assert run("import", "solutions/08_topic.md")[0] == 0
    (tmp_path / "solutions" / "08_topic.md").unlink()
    code, out, _ = run("import", "solutions/08_topic.ipynb")
    assert (code, "rgteach build 08" in out) == (0, True)
    assert (tmp_path / "solutions" / "08_topic.md").read_bytes() == before
    assert "Nothing to change" in run("import", "solutions/08_topic.ipynb")[1]
    assert run("new", "08_topic")[0] == 1


def test_import__names_the_cell_by_number_and_first_words(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("new", "08_topic", "--kind", "lesson")
    run("import", "notebooks/08_topic.md")
    path = tmp_path / "notebooks" / "08_topic.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["cells"][4]["source"] = "x = ("
    path.write_text(json.dumps(data), encoding="utf-8")
    code, _, err = run("import", "notebooks/08_topic.ipynb", "--overwrite")
    assert code == 1
    assert "Cell 5 from the top (“x = (”)" in err
    assert "not Python" in err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("new",), 2, "Which lab"),
        (("new", "08"), 1, "not a name"),
        (("new", "08_x", "--kind", "lab"), 2, "lesson"),
        (("import",), 2, "No file"),
        (("import", "nowhere.md"), 1, "nowhere.md"),
    ],
    ids=["no-lab", "number", "kind", "no-file", "missing"],
)
def test_words__that_do_not_fit_are_told(run, tmp_path, monkeypatch, words, code, told):
    monkeypatch.chdir(tmp_path)
    given, _, err = run(*words)
    assert given == code
    assert told in err
    assert list(tmp_path.rglob("*.md")) == []
