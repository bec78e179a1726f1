"""What a notebook keeps of something live, for those who open it without its kernel.

Where no kernel is, a front end has nothing to put in the place of sliders but a word of its own ("Loading
widget…").  So what was seen last follows as an output of its own.  It is hidden by the live one's page
(kept.js) as long as that is drawn, which takes a kernel; on the web and on paper it is all there is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import monotonic
from uuid import uuid4

SCRIPT = Path(__file__).with_name("kept.js").read_text(encoding="utf-8")
# A widget that never came is a node with words and no elements; only the one right before ours is meant.
RULE = (
    ".jp-OutputArea-child:has(+ .jp-OutputArea-child .rgteach-kept) > "
    ".jp-OutputArea-output:not(:has(*)){display:none}"
)


def new_key() -> str:
    """What the live thing and that which is kept of it know each other by."""
    return f"rgteach-{uuid4().hex[:12]}"


def kept(key: str, content: str) -> str:
    """HTML that is seen where the live thing of this key is not."""
    return f'<div class="rgteach-kept" data-of="{key}">{content}</div><style>{RULE}</style>'


class Rest:
    """Does something once nobody has moved for a while, neither this nor anything else that may come to rest.

    Parameters
    ----------
    seconds : float
    act : function without arguments
        Called in the kernel's own loop; where none runs (a script) it never is.
    """

    _last_move = -inf  # of any: what one does at rest must not keep a hand waiting elsewhere

    def __init__(self, seconds: float, act: Callable[[], None]):
        self._seconds, self._act = seconds, act
        self._timer: asyncio.TimerHandle | None = None

    def moved(self) -> None:
        """Wait anew."""
        Rest._last_move = monotonic()
        self._wait(self._seconds)

    def _wait(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._look)
        except RuntimeError:  # no loop runs
            self._timer = None

    def _look(self) -> None:
        left = Rest._last_move + self._seconds - monotonic()
        if left > 0.001:
            self._wait(left)
        else:
            self._act()
