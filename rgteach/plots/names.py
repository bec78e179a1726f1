"""Names that come from somebody's table, as they may be drawn: shortened, and never as empty boxes."""

from __future__ import annotations

from functools import cache

from matplotlib import font_manager

from rgteach.plots.style import chinese_font, fonts

LONGEST = 38
UNKNOWN = "·"  # for a letter that no font here can show


def shortened(name: str, longest: int = LONGEST) -> str:
    """A long name with its middle left out: the beginning says the filter, the end the feature.

    Examples
    --------
    >>> shortened("log-sigma-3-0-mm-3D_glszm_SmallAreaLowGrayLevelEmphasis")
    'log-sigma-3-0-mm-3…wGrayLevelEmphasis'
    """
    name = " ".join(str(name).split())
    half = (longest - 1) // 2
    return name if len(name) <= longest else f"{name[:half]}…{name[-half:]}"


def drawn(name: str, longest: int = LONGEST) -> str:
    """The shortened name with a dot for every letter that no font on this computer can show."""
    return "".join(letter if _can_show(letter) else UNKNOWN for letter in shortened(name, longest))


def families() -> list[str]:
    """The fonts for names: those of the figure, and one with Chinese whatever the language of the words."""
    own = chinese_font()
    return list(dict.fromkeys([*fonts(), *([own] if own else [])]))


def _can_show(letter: str) -> bool:
    return any(font.get_char_index(ord(letter)) for font in _loaded(tuple(families())))


@cache
def _loaded(names: tuple[str, ...]) -> tuple:
    return tuple(font_manager.get_font(font_manager.findfont(name)) for name in names)
