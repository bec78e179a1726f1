"""Data that libraries bring along, JupyterLab, the course, the disk, fonts and the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from rgteach import wording
from rgteach.doctor.finding import Finding, folder_of, home, is_writable, pip, version
from rgteach.wording import say

LEAST_FREE_MB = 500
FONT_HINTS = (
    "cjk", "notosanssc", "sourcehan", "wqy", "msyh", "simhei", "simsun", "pingfang", "hiragino", "heiti",
)  # fmt: skip
MNI = "mni_icbm152_{}_tal_nlin_sym_09a_converted.nii.gz"


def brain() -> Iterator[Finding]:
    """The MNI152 brain that nilearn brings along, on which lessons grow their tumours."""
    folder = folder_of("nilearn") / "datasets/data"
    missing = [kind for kind in ("t1", "gm", "wm") if not (folder / MNI.format(kind)).is_file()]
    if missing:
        yield Finding(
            "problem", say("doctor-no-brain", kinds=", ".join(missing)), pip("--force-reinstall nilearn")
        )
    else:
        yield Finding("ok", say("doctor-brain"))


def slices() -> Iterator[Finding]:
    """The real CT and MR slices that pydicom brings along."""
    folder = folder_of("pydicom") / "data/test_files"
    missing = [name for name in ("CT_small.dcm", "MR_small.dcm") if not (folder / name).is_file()]
    if missing:
        yield Finding(
            "problem", say("doctor-no-slices", names=", ".join(missing)), pip("--force-reinstall pydicom")
        )
    else:
        yield Finding("ok", say("doctor-slices"))


def jupyter() -> Iterator[Finding]:
    """JupyterLab, a Python kernel for it, and the front ends without which sliders stay invisible."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        yield Finding("problem", say("doctor-no-jupyter"), pip("jupyterlab"))
        return
    wanted = {
        "jupyterlab": ("lab/static/package.json", "lab/schemas"),
        "ipykernel": ("kernels/python3/kernel.json",),
        "jupyterlab-widgets": ("labextensions/@jupyter-widgets/jupyterlab-manager/package.json",),
        "anywidget": ("labextensions/anywidget/package.json",),
    }
    roots = [Path(root) for root in jupyter_path()] + [Path(sys.prefix) / "share/jupyter"]
    missing = [name for name, files in wanted.items() if not _any_exists(roots, files)]
    if missing:
        told = say("doctor-jupyter-part", names=", ".join(missing))
        yield Finding("problem", told, pip("--force-reinstall " + " ".join(missing)))
    else:
        yield Finding("ok", say("doctor-jupyter", here=version("jupyterlab")))


def course() -> Iterator[Finding]:
    """The built notebooks that `rgteach lab` lays out."""
    from rgteach.course.places import course_home

    lang = wording.language()
    n = len(list(course_home().glob(f"notebooks/{lang}/*.ipynb")))
    n_exercises = len(list(course_home().glob(f"exercises/{lang}/*.ipynb")))
    if n and n_exercises:
        yield Finding("ok", say("doctor-course", n=n, n_exercises=n_exercises, lang=lang))
    elif (course_home() / "pyproject.toml").is_file():
        yield Finding("problem", say("doctor-no-course", folder=course_home()), "rgteach build")
    else:
        yield Finding(
            "problem", say("doctor-no-course", folder=course_home()), pip("--force-reinstall rgteach")
        )


def disk() -> Iterator[Finding]:
    """Room for notebooks and tables, and a home folder that Jupyter can write to."""
    here = Path.cwd()
    free_mb = shutil.disk_usage(here).free / 2**20
    if free_mb < LEAST_FREE_MB:
        yield Finding("problem", say("doctor-disk-full", folder=here, mb=free_mb), say("doctor-disk-fix"))
    else:
        yield Finding("ok", say("doctor-disk", folder=here, gb=free_mb / 1024))
    if is_writable(home()):
        yield Finding("ok", say("doctor-home", folder=home()))
    else:
        fix = "set JUPYTER_CONFIG_DIR=… & set JUPYTER_DATA_DIR=…" if os.name == "nt" else "export HOME=/…"
        yield Finding("problem", say("doctor-home-not", folder=home()), fix)


def fonts() -> Iterator[Finding]:
    """A font with Chinese, where Chinese is spoken."""
    if wording.language() != "zh":
        return
    found = next((file for folder in _font_folders() for file in _chinese_fonts(folder)), None)
    if found:
        yield Finding("ok", say("doctor-font", name=found.name))
    else:
        yield Finding("note", say("doctor-no-font"), _font_fix())


def terminal() -> Iterator[Finding]:
    """Whether this terminal shows Chinese, where it is asked for."""
    wanted = os.environ.get("RGTEACH_LANG", "").lower().startswith("zh")
    if wanted and wording.language() != "zh":
        encoding = getattr(sys.stdout, "encoding", "?")
        fix = "chcp 65001" if os.name == "nt" else "export PYTHONIOENCODING=utf-8"
        yield Finding("note", say("doctor-terminal", encoding=encoding), fix)


def _font_folders() -> list[Path]:
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft/Windows/Fonts"
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home() / "Library/Fonts"]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [*shared, home() / ".fonts", home() / ".local/share/fonts"]


def _chinese_fonts(folder: Path) -> Iterator[Path]:
    for path, _, names in os.walk(folder):
        for name in names:
            if any(hint in name.lower().replace(" ", "") for hint in FONT_HINTS):
                yield Path(path) / name


def _font_fix() -> str:
    if sys.platform.startswith("linux"):
        return "sudo apt install fonts-noto-cjk   |   sudo dnf install google-noto-sans-cjk-fonts"
    return "https://fonts.google.com/noto/specimen/Noto+Sans+SC"


def _any_exists(roots: list[Path], files: tuple[str, ...]) -> bool:
    return any((root / file).exists() for root in roots for file in files)
