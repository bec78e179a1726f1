"""`rgteach build` as its author sees it; what it builds is tested with the course."""


def test_build__without_pages_says_where_it_looked(run, tmp_path):
    code, _, err = run("build", "--root", str(tmp_path))
    assert code == 1
    assert str(tmp_path) in err


def test_build__reports_what_is_written_what_differs_and_what_does_not_hold(run, tmp_path, monkeypatch):
    from rgteach.course import build as module
    from rgteach.errors import LearnerError

    report = module.Report(["a.ipynb"], ["b.ipynb"], ["c.ipynb: text"], [LearnerError("cli-both-bins")])
    monkeypatch.setattr(module, "pages", lambda root, labs=None: ["page"])
    monkeypatch.setattr(module, "build", lambda root, **more: more["progress"]("at work") or report)
    code, out, err = run("build", "02", "--check", "--root", str(tmp_path))
    assert code == 1
    assert "a.ipynb" in out
    assert "c.ipynb: text" in out
    assert "at work" in err
    assert "exclude each other" in err
    report.differences.clear()
    report.problems.clear()
    assert run("build", "--root", str(tmp_path))[0] == 0
