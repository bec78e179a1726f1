"""A file is written whole or not at all, whatever happens on the way."""

import pytest

from rgteach.tables import disk


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_write__interrupted_at_any_step_leaves_nothing_behind(tmp_path, monkeypatch, step):
    def interrupt(*args, **more):
        raise KeyboardInterrupt

    def open_and_interrupt(path, mode):
        path.touch()
        raise KeyboardInterrupt

    place, swap = (disk.Path, open_and_interrupt) if step == "open" else (disk.os, interrupt)
    monkeypatch.setattr(place, step, swap)
    with pytest.raises(KeyboardInterrupt):
        disk.store(tmp_path / "rows.csv", lambda file: file.write(b"x"))
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
