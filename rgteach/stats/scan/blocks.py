"""Blocks of a scan: how a part is cut up, its matrix products, and who computes which block."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from rgteach.core.scan import carrier_sums, strengths
from rgteach.core.threads import one_blas_thread, usable_processors
from rgteach.stats.scan.parts import Part

BLOCK_FEATURES, BLOCK_GENES = 2048, 64  # pairs of a block: 1 MB of sums, which stay in the processor's cache
MOST_THREADS = 4  # unless asked for more
_own = threading.local()  # scratch of each thread


@dataclass(frozen=True, eq=False)
class Block:
    """Some features and some genes of a part."""

    part: Part
    features: slice
    genes: slice

    @property
    def shape(self) -> tuple[int, int]:
        """Genes, features: a block has a row for each gene."""
        return self.genes.stop - self.genes.start, self.features.stop - self.features.start

    def sums(self) -> np.ndarray:
        """S of every pair (H for kruskal), float64 (g, f), in this thread's scratch: use it before the next.

        Whole numbers are added up in types that hold them exactly, so neither the order of summation nor the
        shape of the block changes a bit.
        """
        part, (g, f) = self.part, self.shape
        sums = scratch("sums", (g, f), np.float64)
        k = 1 if part.sizes is None else part.sizes.shape[1]
        left = part.left[:, self.features]
        right = part.right[self.genes.start * k : self.genes.stop * k]
        adds = right.dtype == bool
        product = scratch("product", (g * k, f), np.int32 if adds else left.dtype)
        if adds:
            who = scratch("who", (right.shape[1] + 4,), np.int64)
            carrier_sums(np.ascontiguousarray(left), right, who, product)
        else:
            np.matmul(right, left, out=product)
        if part.sizes is None:
            sums[...] = product
            return sums
        sums[...] = 0.0  # H = (n - 1) / spread · sum over groups of (sum of centred ranks)² / size
        for group in range(k):
            each = product[group::k].astype(np.float64)
            sums += each * each / part.sizes[self.genes, group, None]
        sums *= (part.n - 1) / part.spread[self.features]
        return sums

    def strength(self, sums: np.ndarray, rule: np.ndarray) -> np.ndarray:
        """How strong every pair is, float64 (g, f), in this thread's scratch."""
        strength = scratch("strength", self.shape, np.float64)
        strengths(sums, self.part.gene_scale[self.genes], self.part.scale[self.features], rule, strength)
        return strength

    @property
    def gene_spread(self) -> np.ndarray:
        """What `Question.answers` asks of the genes: their spread, or for kruskal the number of groups."""
        part = self.part
        if part.sizes is None:
            return part.gene_spread[self.genes]
        return np.full(self.shape[0], float(part.sizes.shape[1]))


def blocks(part: Part, n_features: int = BLOCK_FEATURES, n_genes: int = BLOCK_GENES) -> Iterator[Block]:
    """Cut a part into blocks."""
    f, g = len(part.features), len(part.genes)
    n_genes = n_genes if part.sizes is None else max(1, n_genes // part.sizes.shape[1])
    for i in range(0, f, n_features):
        for j in range(0, g, n_genes):
            yield Block(part, slice(i, min(f, i + n_features)), slice(j, min(g, j + n_genes)))


def scratch(name: str, shape: tuple[int, ...], kind) -> np.ndarray:
    """A C-ordered array of this thread that is used again and again; what was in it is lost."""
    size, kept = math.prod(shape), _own.__dict__.setdefault("arrays", {})
    key = name, np.dtype(kind)
    if key not in kept or kept[key].size < size:
        kept[key] = np.empty(size, kind)
    return kept[key][:size].reshape(shape)


class Workers:
    """Some threads that share out blocks; answers come back in the order of the blocks."""

    def __init__(self, n: int):
        self._pool = ThreadPoolExecutor(n) if n > 1 else None

    def each(self, work: Callable, tasks: Iterable) -> list:
        """What `work` answers to every task."""
        tasks = list(tasks)
        if self._pool is None or len(tasks) < 2:
            return [work(task) for task in tasks]
        return list(self._pool.map(work, tasks))

    def end(self) -> None:
        """Send the threads home."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def workers(threads: int | None) -> Iterator[Workers]:
    """Threads for a scan, while the matrix products keep to the thread that asks for them.

    The products of several of our threads, each on several threads of BLAS, would get into one another's way.
    """
    team = Workers(threads or min(MOST_THREADS, usable_processors()))
    try:
        with one_blas_thread():
            yield team
    finally:
        team.end()
        _own.__dict__.clear()
