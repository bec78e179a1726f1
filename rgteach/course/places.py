"""Where things are: the course that is installed, and the workspace that a student works in.

The built course has one layout, whether it lies in a checkout or inside the installed package
(`rgteach/_course/`): `notebooks/<lang>/NN_topic.ipynb`, `exercises/<lang>/NN_topic.ipynb`,
`exercises/keys/NN_topic.json`.
"""

from __future__ import annotations

from pathlib import Path

STATE = ".rgteach"


def course_home() -> Path:
    """The folder of the built course: inside the package when installed from a wheel, else the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "_course"
    return installed if installed.is_dir() else package.parent


def state_folder(start: Path | None = None) -> Path | None:
    """The `.rgteach` folder of the workspace around a folder (this one by default), or None outside any."""
    try:
        start = (start or Path.cwd()).resolve()
    except OSError:  # the folder was deleted under the running kernel
        return None
    for folder in (start, *start.parents):
        if (folder / STATE).is_dir():
            return folder / STATE
    return None
