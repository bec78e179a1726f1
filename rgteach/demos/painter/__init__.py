"""Paint a region on a slice and watch its gray levels, its pairs and its features follow the stroke.

As every demo, the package offers `compute`, `draw`, `rows`, `controls` and `thumbnail`: see recipe.py.
"""

from __future__ import annotations

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "door": ["paint"],
        "recipe": ["KIND", "N_AXES", "compute", "controls", "draw", "rows", "thumbnail"],
    },
)
