"""Which layers hold is tried, told by the doctor, and decides whether anything may be called a grade."""

import re
import shutil
import sys

import pytest
from boxes import linux, needs_wall

from rgteach import LearnerError, wording
from rgteach.doctor import isolation
from rgteach.sandbox import probe, wall
from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Limits, Ran
from rgteach.sandbox.probe import NAMES, Layer

pytestmark = linux


@pytest.fixture(autouse=True)
def _asked_anew():
    asked = probe.probe  # a test may put another in its place
    asked.cache_clear()
    yield
    asked.cache_clear()


def findings(monkeypatch, *layers: Layer) -> list:
    monkeypatch.setattr(probe, "probe", lambda: layers)
    return list(isolation.isolation())


@needs_wall
def test_probe__every_layer_holds_here():
    assert probe.probe() == tuple(Layer(name, True) for name in NAMES)
    assert probe.walled()
    assert probe.probe() is probe.probe(), "asked once a process"


def test_probe__without_a_wall_nothing_holds(monkeypatch):
    monkeypatch.setattr(
        probe, "_box", lambda: Box("rgteach.sandbox.trial", limits=probe.LIMITS, isolate=False)
    )
    bare = {layer.name: layer for layer in probe.probe()}
    assert {name for name, layer in bare.items() if layer.holds} == set()
    assert "/etc/passwd" in bare["files"].why
    assert not probe.walled()


@needs_wall
@pytest.mark.parametrize("package", ["landlock", "pyseccomp"])
def test_probe__a_missing_layer_is_told_with_its_reason(monkeypatch, package):
    box = Box("rgteach.sandbox.trial", limits=probe.LIMITS, hidden=[package])
    monkeypatch.setattr(probe, "_box", lambda: box)
    broken = [layer for layer in probe.probe() if not layer.holds]
    assert [layer.name for layer in broken] == [package.removeprefix("py")]
    assert package in broken[0].why
    assert probe.walled(), "files and network are kept apart all the same"


def test_probe__without_bubblewrap_says_so(monkeypatch):
    monkeypatch.setattr(wall, "program", lambda: None)
    assert probe.probe() == tuple(Layer(name, False, "no bubblewrap") for name in NAMES)
    assert not probe.walled()


@pytest.mark.parametrize(
    ("name", "gave", "why"),
    [
        ("files", ["/etc/passwd"], "/etc/passwd"),
        ("network", ["lo", "eth0"], "lo, eth0"),
        ("network", [], "?"),
        ("processes", {"own": 4711, "above": 4000}, "4000"),
        ("landlock", "", "nothing refused it"),
    ],
)
def test_layer__that_does_not_bite_does_not_hold(name, gave, why):
    assert probe._layer(name, Ran({name: gave}), {}) == Layer(name, False, why)


def test_layer__whose_trial_never_came_back_does_not_hold():
    assert probe._layer("disk", Ran({}, "died", "disk", "SIGKILL"), {}) == Layer(
        "disk", False, "died SIGKILL"
    )


# ---------------------------------------------------------------- a box that cannot be walled


def test_box__without_bubblewrap_is_an_error_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(wall, "program", lambda: None)
    with pytest.raises(LearnerError, match="apt install bubblewrap") as error:
        Box("boxed")
    assert error.value.key == "sandbox-no-bubblewrap"
    assert Box("boxed", isolate=False).run({}, ["a"]).ended == "done"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_box__on_another_system_points_to_the_container(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(LearnerError, match="container") as error:
        Box("boxed")
    assert error.value.key == "sandbox-other-system"


def test_box__that_the_system_refuses_is_an_error_with_its_words(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(wall, "program", lambda: str(refusing))
    wall.version.cache_clear()
    wall.may_be_root.cache_clear()
    try:
        with pytest.raises(LearnerError, match="setting up uid map") as error:
            Box("boxed", limits=Limits()).run({}, ["a"])
    finally:
        wall.version.cache_clear()
        wall.may_be_root.cache_clear()
    assert error.value.key == "sandbox-refused"


# ---------------------------------------------------------------- the doctor


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_doctor__says_each_layer(monkeypatch, lang):
    wording.choose(lang)
    found = findings(monkeypatch, *(Layer(name, True) for name in NAMES))
    assert [finding.state for finding in found] == ["ok"] * len(NAMES)
    assert len({finding.told for finding in found}) == len(NAMES)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_doctor__a_layer_that_does_not_hold_is_a_note_with_its_reason_and_a_fix(monkeypatch, name, lang):
    wording.choose(lang)
    ok, note = findings(monkeypatch, Layer("files", True), Layer(name, False, "this reason"))
    assert (ok.state, note.state) == ("ok", "note")
    assert "this reason" in note.told
    assert note.fix


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize(
    "why", ["no bubblewrap", "not Linux", "bwrap: setting up uid map: Permission denied"]
)
def test_doctor__no_wall_is_one_line(monkeypatch, why, lang):
    wording.choose(lang)
    (found,) = findings(monkeypatch, *(Layer(name, False, why) for name in NAMES))
    assert found.state == "note", "whoever learns needs no wall"
    assert "rgteach grade" in found.told
    assert (why in found.told) == why.startswith("bwrap")


@pytest.mark.parametrize(
    ("system", "bwrap", "setting", "fix"),
    [
        ("darwin", None, {}, "container"),
        ("linux", None, {}, "apt install bubblewrap"),
        ("linux", "bwrap", {"kernel/apparmor_restrict_unprivileged_userns": "1"}, "AppArmor"),
        ("linux", "bwrap", {"kernel/unprivileged_userns_clone": "0"}, "unprivileged_userns_clone=1"),
        ("linux", "bwrap", {"user/max_user_namespaces": "0"}, "max_user_namespaces=15000"),
        ("linux", "bwrap", {"user/max_user_namespaces": "63"}, "container"),
    ],
    ids=["mac", "no-bubblewrap", "ubuntu", "debian", "fedora", "elsewhere"],
)
def test_doctor__the_fix_fits_the_system(monkeypatch, tmp_path, system, bwrap, setting, fix):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(shutil, "which", lambda name: bwrap)
    monkeypatch.setattr(isolation, "SETTINGS", tmp_path)
    for name, value in setting.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(value + "\n")
    assert re.search(fix, isolation._fix_of_all())
