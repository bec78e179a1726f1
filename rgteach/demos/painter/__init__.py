"""Paint a region on a slice and watch its gray levels, its pairs and its features follow the stroke."""

from __future__ import annotations

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, submod_attrs={"door": ["paint"]})
