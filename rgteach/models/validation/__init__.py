"""Choosing a penalty, and features, on patients that the fit has not seen."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__, submod_attrs={"crossval": ["lasso_cv"], "stability": ["stability_selection"]}
)
