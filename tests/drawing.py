"""What holds for every drawing of `rgteach.plots`, in both languages."""

import re
import warnings

import rgteach as rg
from rgteach.plots import new_axes
from rgteach.plots.page import picture


def described(draw, lang: str) -> str:
    """Draw without a warning, get the same axes back, and a description in words of the language."""
    rg.setup(lang)
    fig, ax = new_axes()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw(ax) is ax
        said = picture(fig).alt
    assert len(said) > 20
    assert not re.search(r"\bnan\b", said)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said) == (lang == "zh")
    return said
