"""Run functions that call kernels with the plain functions behind these kernels."""

from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def plain(module):
    """Inside, every kernel of a module is its plain function."""
    kernels = {name: found for name, found in vars(module).items() if hasattr(found, "py_func")}
    assert kernels
    with patch.multiple(module, **{name: found.py_func for name, found in kernels.items()}):
        yield
