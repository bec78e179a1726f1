"""What every unit of RNA asks of its counts and lengths before it divides by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.doors import numbers, one_of, shape_text
from rgteach.errors import LearnerError, warn

AXES = ("rows", "columns")
MANY = 1000  # columns from which a table of genes in rows looks turned
LONG = 200.0  # base pairs: among a study's transcripts one at least is longer


@dataclass(frozen=True)
class Counted:
    """Checked counts with genes in rows, and the way back to the shape that was given.

    Attributes
    ----------
    counts : array of float64, shape (genes, samples)
    depth : array of float64, shape (samples,)
        Fragments of each sample, above 0.
    """

    counts: np.ndarray
    depth: np.ndarray
    genes: str
    is_single: bool

    def back(self, values: np.ndarray) -> np.ndarray:
        """Values of shape (genes, samples) in the shape of the input."""
        if self.is_single:
            return values[:, 0]
        return np.ascontiguousarray(values.T) if self.genes == "columns" else values


def counts_of(counts: object, genes: str, estimated: bool, lengths: object = None) -> Counted:
    """Counts that can be scaled; otherwise say what is wrong, and where.

    Parameters
    ----------
    counts : array-like or DataFrame, shape (genes, samples), (samples, genes) or (genes,)
    genes : "rows" or "columns"
    estimated : bool
        Whether fractions are let through.
    lengths : array-like, optional
        Tells by their number whether the genes stand on the other axis.

    Raises
    ------
    LearnerError
        "counts-shape", "genes-other-axis", "counts-missing", "counts-negative", "counts-fractions",
        "sample-without-counts", or those of `doors.numbers`.
    """
    one_of("genes", genes, AXES)
    table = numbers(counts, "counts")
    if table.ndim not in (1, 2) or table.size == 0:
        raise LearnerError("counts-shape", shape=shape_text(table.shape) or "()")
    is_single = table.ndim == 1
    if is_single:
        table = table[:, None]
    elif genes == "columns":
        table = table.T
    _same_axis(table, genes, is_single, lengths)
    _plain(table, estimated)
    depth = table.sum(axis=0)
    if (depth == 0).any():
        empty = np.flatnonzero(depth == 0)
        raise LearnerError("sample-without-counts", n=len(empty), first=int(empty[0]))
    return Counted(np.ascontiguousarray(table), depth, genes, is_single)


def lengths_of(lengths: object, table: Counted) -> np.ndarray:
    """One length in base pairs for each gene, as a column beside the counts.

    Raises
    ------
    LearnerError
        "lengths-number", "length-missing" or "length-not-positive".
    """
    n_genes = len(table.counts)
    length = numbers(lengths, "lengths")
    if length.ndim == 2 and 1 in length.shape:
        length = length.ravel()
    if length.ndim != 1 or len(length) != n_genes:
        raise LearnerError("lengths-number", shape=shape_text(length.shape) or "1", genes=n_genes)
    if not np.isfinite(length).all():
        raise LearnerError("length-missing", gene=int(np.flatnonzero(~np.isfinite(length))[0]))
    if (length <= 0).any():
        gene = int(np.flatnonzero(length <= 0)[0])
        raise LearnerError("length-not-positive", gene=gene, value=f"{length[gene]:g}")
    if length.max() < LONG and (length % 1).any():
        warn("lengths-in-kilobases", longest=f"{length.max():g}")
    return length[:, None]


def not_negative(values: object) -> np.ndarray:
    """Numbers of any shape that can be logged after adding 1."""
    array = numbers(values, "values")
    if not np.isfinite(array).all():
        raise LearnerError("log-missing", n=int((~np.isfinite(array)).sum()))
    if (array < 0).any():
        raise LearnerError("log-negative", lowest=f"{array.min():g}")
    return array


def _same_axis(table: np.ndarray, genes: str, is_single: bool, lengths: object) -> None:
    """Stop, or warn, where the genes seem to stand on the other axis."""
    if is_single:
        return
    n_genes, n_samples = table.shape
    other = AXES[1 - AXES.index(genes)]
    if lengths is None:
        if n_samples >= MANY and n_samples >= 10 * n_genes:
            warn("genes-look-turned", genes=genes, n_genes=n_genes, n_samples=n_samples, other=other)
        return
    n_lengths = np.size(lengths)
    if n_lengths == n_samples != n_genes:
        raise LearnerError("genes-other-axis", genes=genes, n_genes=n_genes, n_lengths=n_lengths, other=other)


def _plain(table: np.ndarray, estimated: bool) -> None:
    """Counts are there, not below 0, and whole unless they are estimates."""
    finite = np.isfinite(table)
    if not finite.all():
        raise LearnerError("counts-missing", n=int((~finite).sum()), **_first(~finite))
    if (table < 0).any():
        raise LearnerError("counts-negative", value=f"{table.min():g}", **_first(table < 0))
    if not estimated and (table % 1).any():
        where = _first(table % 1 != 0)
        value = table[where["gene"], where["sample"]]
        raise LearnerError("counts-fractions", value=f"{value:g}", **where)


def _first(wrong: np.ndarray) -> dict[str, int]:
    gene, sample = np.argwhere(wrong)[0]
    return {"gene": int(gene), "sample": int(sample)}
