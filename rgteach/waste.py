"""Where millions of objects are made at once, a search among them for waste takes longer than the work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_waste() -> Iterator[None]:
    """No search for objects that only know each other; what nobody knows goes at once all the same.

    Nor is there one as soon as this ends: what was made meanwhile is taken for old, and searched when all is.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():  # else somebody put objects aside, who must stay there
                gc.freeze()
                gc.unfreeze()
            gc.enable()
