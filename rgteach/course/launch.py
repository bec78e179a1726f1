"""Start JupyterLab in a workspace: our Python, the student's language, the user's own settings left alone."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from rgteach.course.places import STATE
from rgteach.errors import LearnerError
from rgteach.wording import say

PROMPT = "rgteach.course.socket.PromptConnection"  # a live picture follows the hand without a 40 ms wait
_LOCALES = {"zh": "zh_CN"}


def launch(folder: Path, lang: str, first: str, *, browser: bool, port: int | None) -> int:
    """Run JupyterLab until it is closed, and give back its exit code."""
    if importlib.util.find_spec("jupyterlab") is None:
        raise LearnerError("lab-not-installed", python=sys.executable)
    if port is not None and not _is_free(port):
        raise LearnerError("lab-port-taken", port=port)
    print(say("lab-opening", folder=folder), flush=True)
    code = _wait(subprocess.Popen(command(folder, first, browser, port), env=environment(folder, lang)))
    if code not in (0, 130, -2):  # closed, or interrupted from the keyboard
        print(say("lab-ended", code=code), file=sys.stderr)
        return code
    return 0


def command(folder: Path, first: str, browser: bool, port: int | None) -> list[str]:
    """How JupyterLab is called."""
    words = [sys.executable, "-m", "rgteach.course.lab", f"--ServerApp.root_dir={folder}"]
    words.append(f"--LabApp.default_url=/lab/tree/{first}")
    words.append(f"--ServerApp.kernel_websocket_connection_class={PROMPT}")
    words.append("--ServerApp.log_level=WARN")  # the address is still printed; the rest is the server's diary
    if not browser:
        words.append("--no-browser")
    if port is not None:
        words += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container everyone is root
        words.append("--ServerApp.allow_root=True")
    return words


def environment(folder: Path, lang: str) -> dict[str, str]:
    """The surroundings of JupyterLab: our language and defaults, which the user's own settings overrule."""
    state = folder / STATE / "jupyter"
    env = dict(os.environ) | {"RGTEACH_LANG": lang}
    try:
        (state / "labconfig").mkdir(parents=True, exist_ok=True)
        defaults = json.dumps(lab_defaults(lang), indent=1)
        (state / "labconfig" / "default_setting_overrides.json").write_text(defaults, encoding="utf-8")
    except OSError:
        return env  # menus in English are no reason not to start
    paths = [str(state), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    env["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
    return env | _home(state)


def lab_defaults(lang: str) -> dict:
    """Menus in the student's language where that is installed, and no question about news from the net."""
    defaults: dict = {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
    }
    locale = _LOCALES.get(lang)
    if locale and locale in {pack.name for pack in entry_points(group="jupyterlab.languagepack")}:
        defaults["@jupyterlab/translation-extension:plugin"] = {"locale": locale}
    return defaults


def _home(state: Path) -> dict[str, str]:
    """Where Jupyter and IPython keep things, if the home folder cannot be written."""
    home = Path.home()
    if os.access(home, os.W_OK):
        return {}
    return {
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
        "IPYTHONDIR": str(state / "ipython"),
    }


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("localhost", port))
        except OSError:
            return False
    return True


def _wait(lab: subprocess.Popen) -> int:
    """Until it ends; Ctrl-C is JupyterLab's to answer, it asks whether to stop."""
    while True:
        try:
            return lab.wait()
        except KeyboardInterrupt:
            continue
