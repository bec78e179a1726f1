"""One small call of every part of the core, so that each kernel is compiled with the types it will meet."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

from rgteach.core.threads import usable_processors
from rgteach.doctor import kernels
from rgteach.waste import no_search_for_waste

# Parts of the core, and the seconds of work that each took on one processor of 2020.
WORK_S = {
    "logistic": 2.5,
    "penalised": 2.0,
    "features": 1.8,
    "gene_scan": 1.4,
    "association": 1.0,
    "slopes": 0.7,
    "multiplicity": 0.6,
    "gaps": 0.6,
}
START_S = 0.8  # of another process, until it has imported what this one has
MOST_PROCESSES = 4  # each of them takes a quarter of a gigabyte
PATIENCE_S = 300


def warm_up() -> float:
    """Compile every kernel once, so that the first lesson does not wait; returns the seconds it took.

    Where other processors stand idle, their share is compiled there and left on the disk; what did not get
    there, for whatever reason, is compiled here.
    """
    began = time.perf_counter()
    here, *aside = shares(_processes())
    others = [_other_process(share) for share in aside]
    warm(here)
    done = [_has_finished(other, began + PATIENCE_S) for other in others]
    if not (all(done) and all(kernels.kernels().values())):
        warm(tuple(part for share in aside for part in share))
    return time.perf_counter() - began


def shares(n: int) -> list[tuple[str, ...]]:
    """All parts of the core in n shares, the first for this process; each goes where it is done first."""
    dealt: list[tuple[str, ...]] = [()] * n
    busy = [0.0] + [START_S] * (n - 1)
    for part in sorted(WORK_S, key=WORK_S.get, reverse=True):
        first = busy.index(min(busy))
        dealt[first] += (part,)
        busy[first] += WORK_S[part]
    return dealt


def warm(parts: tuple[str, ...]) -> None:
    """Make the small calls of some parts."""
    with no_search_for_waste():  # a tenth of the time of the compiler
        for part in parts:
            globals()[f"_{part}"]()


def _processes() -> int:
    """How many processes are worth it: one unless most kernels are missing and a disk can hand them over."""
    states = kernels.kernels().values()
    if kernels.kept_in() is None or 2 * sum(states) >= len(states):
        return 1
    return min(MOST_PROCESSES, usable_processors())


def _other_process(parts: tuple[str, ...]) -> subprocess.Popen | None:
    """A Python that compiles some parts and leaves them on the disk."""
    code = f"from rgteach.doctor.warming import warm; warm({parts!r})"
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.Popen([sys.executable, "-c", code], **quiet)
    except OSError:
        return None


def _has_finished(other: subprocess.Popen | None, until: float) -> bool:
    """Wait for another process, for so long and no longer: whether it did all it had to."""
    if other is None:
        return False
    try:
        return other.wait(max(0.0, until - time.perf_counter())) == 0
    except subprocess.TimeoutExpired:
        other.kill()
        other.wait()
        return False


def _features() -> None:
    from rgteach.image.extract import extract

    whole = np.arange(5 * 6 * 7, dtype=np.int16).reshape(5, 6, 7) % 11
    inside = np.ones(whole.shape, bool)
    for image in (whole, whole + 0.5):
        for aggregation in ("3d-averaged", "2.5d-merged"):
            extract(image, inside, bin_count=8, aggregation=aggregation)


def _association() -> None:
    from rgteach.stats.association import wilcoxon

    wilcoxon([1.0, 2.0, 3.0], [4.0, 5.0])  # counted without ties
    wilcoxon([1.0, 2.0, 2.0], [2.0, 5.0])  # and with


def _gene_scan() -> None:
    from rgteach.stats.scan import scan

    features = np.arange(24.0).reshape(8, 3) % 7
    genes = np.array([[k % 2, k % 3, k % 5 + 0.5] for k in range(8)])
    scan(features, genes, threads=1)
    scan(features, genes, output="hits", permutations=19, threads=1)


def _gaps() -> None:
    from rgteach.core.pairsums import pair_sums

    levels = np.zeros((1, 8), np.int32)
    pair_sums(levels, levels, np.empty(16, np.int64), np.empty((4, 1, 1)))


def _multiplicity() -> None:
    from rgteach.core import fdr

    ordered, adjusted = np.array([0.25, 0.5]), np.empty(2)
    fdr.step_up(ordered, 2, 1.0, adjusted)
    fdr.put_back(ordered, ordered, adjusted)


def _logistic() -> None:
    from rgteach.models.logistic import logistic, logistic_each

    x, y = np.array([1.0, 2.0, 2.5, 3.0, 4.0, 5.0]), np.array([0, 1, 0, 1, 0, 1])
    for method in ("ml", "firth"):
        logistic(x, y, method=method)
    logistic_each(np.column_stack([x, np.sqrt(x)]), y, covariates=x**2)


def _slopes() -> None:
    from rgteach.models.logistic import logistic_each

    logistic_each(np.array([[1.0, 2.0, 2.5, 3.0, 4.0, 5.0]]).T, [0, 1, 0, 1, 0, 1])


def _penalised() -> None:
    from rgteach.core.binomial import coordinate_newton
    from rgteach.core.lasso import coordinate_descent
    from rgteach.models.penalised import lasso_path

    X = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [2.0, 1.0, 3.0]])
    lasso_path(X, X[:, 2] + X[:, 0] ** 2, n_lam=5)
    coordinate_descent(X.T.copy(), X[:, 0] - X[:, 1], 0.1, 0.0, np.zeros(3))
    coordinate_newton(np.asfortranarray(X), X[:, 0].clip(0, 1), np.full(4, 0.25), X[0], X[0], np.zeros(3))
    lasso_path(X, [0, 1, 0, 1], family="binomial", n_lam=5)
