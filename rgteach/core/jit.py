"""The only door to numba, and one set of flags for every kernel.

A kernel is compiled at its first call and kept on disk.  Where nothing can be written (a classroom disk, a
full quota, no home folder) or a kept file is damaged, it is compiled for this session only; it never raises
for that.  `kernel.py_func` is the plain function, for printing and stepping through.
"""

from __future__ import annotations

from collections.abc import Callable

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile, NullCache

from rgteach.core.fingerprint import fingerprint

# Fast-math stays off: with it NaN tests as a number.  NumPy's error model divides as arrays do, without a
# branch.  Nobody calls a kernel from C, and the entry for that costs a tenth of the compile time.  The search
# for expressions over whole arrays costs a twentieth: kernels have loops instead.
FLAGS = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "no_rewrites": True}


class _ForgivingCache(FunctionCache):
    """Numba's disk cache, where a file that cannot be read or written means compiling once more."""

    def __init__(self, function):
        super().__init__(function)
        # stamped with the whole core, not with this kernel's file: it holds the kernels that it calls
        self._cache_file = IndexDataCacheFile(self._cache_path, self._impl.filename_base, fingerprint())

    def load_overload(self, sig, target_context):
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # unpickling a damaged file can raise anything
            return None

    def save_overload(self, sig, data):
        try:
            super().save_overload(sig, data)
        except OSError:  # no space, no permission, two writers at once
            pass
        except Exception:  # a damaged index, which would keep this kernel off the disk for ever
            self._begin_anew(sig, data)

    def _begin_anew(self, sig, data):
        try:
            self._cache_file.flush()
            super().save_overload(sig, data)
        except Exception:  # it was something else
            pass


def kernel(function: Callable) -> Callable:
    """Compile a plain loop over arrays; see the module for what is kept where."""
    compiled = njit(**FLAGS)(function)
    try:
        compiled._cache = _ForgivingCache(function)
    except Exception:  # no folder can be written anywhere
        compiled._cache = NullCache()
    return compiled
