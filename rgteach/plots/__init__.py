"""Arrays and results in, axes out.

Draw functions take `ax`, return `ax` and set no global state; `show` puts a figure on the page with a
description that a screen reader can read and that survives in the saved notebook.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=[
        "anatomy",
        "chance",
        "fits",
        "groups",
        "histograms",
        "matrices",
        "multiple",
        "odds",
        "paths",
        "penalties",
        "promises",
        "scanning",
        "selected",
        "series",
        "style",
    ],
    submod_attrs={
        "anatomy": ["level_view", "slice_view"],
        "page": ["Picture", "describe", "new_axes", "picture", "show"],
        "style": ["COLOURS", "label"],
    },
)
