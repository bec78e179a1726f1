"""The wall around students' code, which matters to whoever grades: each layer is tried, not looked up."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from rgteach.doctor.finding import Finding, pip
from rgteach.wording import say

CONTAINER = "docs/grading-container.md"
BUBBLEWRAP = "sudo apt install bubblewrap   |   sudo dnf install bubblewrap"
SETTINGS = Path("/proc/sys")
# what keeps an ordinary user from making namespaces: (setting, its value, the command that allows it)
FORBIDDING = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1", f"{CONTAINER}: AppArmor"),
    ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
)


def isolation() -> Iterator[Finding]:
    """Each layer of the wall; one line where there is no wall at all."""
    from rgteach.sandbox.probe import probe

    layers = probe()
    reasons = {layer.why for layer in layers if not layer.holds}
    if len(reasons) == 1 and not any(layer.holds for layer in layers):
        yield Finding("note", _told(reasons.pop()), _fix_of_all())
        return
    for layer in layers:
        if layer.holds:
            yield Finding("ok", say(f"doctor-wall-{layer.name}"))
        else:
            told = say("doctor-wall-open", layer=say(f"doctor-wall-{layer.name}"), why=layer.why)
            yield Finding("note", told, _fix(layer.name))


def _told(why: str) -> str:
    match why:
        case "no bubblewrap":
            return say("doctor-no-bubblewrap")
        case "not Linux":
            return say("doctor-no-linux")
    return say("doctor-no-wall", why=why)


def _fix_of_all() -> str:
    """What has to be installed or allowed before there can be a wall."""
    if not sys.platform.startswith("linux"):
        return CONTAINER
    if shutil.which("bwrap") is None:
        return BUBBLEWRAP
    for setting, value, fix in FORBIDDING:
        try:
            if (SETTINGS / setting).read_text().strip() == value:
                return fix
        except OSError:  # another kernel has no such setting
            continue
    return CONTAINER


def _fix(layer: str) -> str:
    match layer:
        case "seccomp":
            return f"{pip(_GRADE)}   &&   sudo apt install libseccomp2"
        case "landlock" if _kernel_knows_landlock():
            return pip(_GRADE)
        case "landlock":
            return say("doctor-wall-kernel", here=platform.release())
        case "disk":
            return f"{BUBBLEWRAP}   (>= 0.7)"
    return CONTAINER


_GRADE = '"rgteach[grade]"'


def _kernel_knows_landlock() -> bool:
    try:
        return "landlock" in Path("/sys/kernel/security/lsm").read_text()
    except OSError:  # that folder is not there, which says nothing
        return True
