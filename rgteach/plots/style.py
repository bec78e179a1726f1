"""How every figure looks: sizes for the last row, colours that everybody can tell apart, fonts with Chinese.

Nothing here changes matplotlib's global settings: `style()` holds for one `with` block, or for one function.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.ticker import ScalarFormatter

from rgteach import wording

# Okabe and Ito's palette, told apart with every common kind of eyes (Wong 2011, doi:10.1038/nmeth.1618).
COLOURS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
LINE_STYLES = ("-", "--", "-.", ":")  # a second sign beside the colour
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
SIZE_IN = (8.0, 5.0)
TEXT_PT = 15
LINE_PT = 2.0
ANATOMY, LEVELS, SIGNED = "gray", "viridis", "PuOr"

# Families that hold simplified Chinese, the plain ones first: Linux, Windows, macOS.
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Songti SC",
    "SimSun",
    "AR PL UMing CN",
    "AR PL UKai CN",
)
_FILE_HINTS = (
    "cjk",
    "notosanssc",
    "sourcehan",
    "wqy",
    "msyh",
    "simhei",
    "simsun",
    "pingfang",
    "hiragino",
    "heiti",
)


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the course: for one `with` block, or as a decorator for one draw function."""
    with mpl.rc_context(_settings(fonts())):
        yield


class Numbers(ScalarFormatter):
    """Numbers beside an axis as plain letters; the power of ten that they share stays a formula.

    To set every number as a formula takes a third of the time of a figure, and looks the same.
    """

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The number at a tick."""
        return super().__call__(x, pos).removeprefix(r"$\mathdefault{").removesuffix("}$")


def number(axis: Axis) -> None:
    """Write plain numbers beside an axis, until it is told to count in logarithms or names."""
    axis.set_major_formatter(Numbers())
    axis.isDefault_majfmt = True


def label(key: str, **values: object) -> str:
    """The words `key` as they may be drawn: Chinese only where a font can show it, else English.

    Parameters
    ----------
    key : str
        Name of a message in `rgteach/words/`.
    **values
        What the message is filled with.
    """
    return wording.say(key, drawn_language(), **values)


def drawn_language() -> str:
    """The language of the letters inside a figure."""
    return "zh" if wording.language() == "zh" and chinese_font() else "en"


def fonts() -> list[str]:
    """The font families of a figure; a letter that the first lacks is taken from the second."""
    own = chinese_font() if wording.language() == "zh" else None
    return ["DejaVu Sans", *([own] if own else [])]


@cache
def chinese_font() -> str | None:
    """The best font family with simplified Chinese on this computer, or None."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in CHINESE_FONTS if name in known), None)
    return found or _font_newer_than_the_list()


def _font_newer_than_the_list() -> str | None:
    """A font that was installed after matplotlib last wrote its list of fonts."""
    for file in font_manager.findSystemFonts():
        if any(hint in Path(file).name.lower() for hint in _FILE_HINTS):
            try:
                font_manager.fontManager.addfont(file)
            except Exception:  # a damaged or foreign font file is not our business
                continue
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in known), None)


def _settings(families: list[str]) -> dict[str, object]:
    cycle = mpl.cycler(
        color=[COLOURS[name] for name in ("blue", "orange", "green", "vermilion", "purple", "sky")]
    )
    return {
        "font.family": families,
        "font.size": TEXT_PT,
        "axes.titlesize": TEXT_PT + 1,
        "axes.labelsize": TEXT_PT,
        "xtick.labelsize": TEXT_PT,
        "ytick.labelsize": TEXT_PT,
        "legend.fontsize": TEXT_PT,
        "legend.title_fontsize": TEXT_PT,
        "legend.frameon": False,
        "lines.linewidth": LINE_PT,
        "lines.markersize": 8,
        "patch.linewidth": 1.0,
        "axes.linewidth": 1.2,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycle,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": True,
        "image.interpolation": "nearest",
        "image.cmap": ANATOMY,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "text.color": "black",
        "axes.labelcolor": "black",
        "xtick.color": "black",
        "ytick.color": "black",
        "axes.edgecolor": "black",
        "savefig.facecolor": "white",
        "text.usetex": False,
        "mathtext.fontset": "dejavusans",
    }
