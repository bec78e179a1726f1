"""Timed comparisons with other tools.  Never run as tests: a busy machine would fail them."""

import os

# One thread for everyone; this has to stand before anything that starts threads is imported.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = "1"
