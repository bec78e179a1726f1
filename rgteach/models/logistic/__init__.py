"""Logistic regression: one model, or one a feature for a whole table."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__, submod_attrs={"fit": ["logistic"], "each": ["logistic_each"]}
)
