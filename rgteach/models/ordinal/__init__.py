"""The proportional-odds model, for outcomes in order."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, submod_attrs={"fit": ["ordinal"]})
