"""RNA sequencing: raw counts become units that can be compared, between patients and between genes.

A raw count grows with the depth of the sequencing and with the length of the gene.  CPM takes away the
depth, FPKM depth and length, TPM length first and then depth, so that every sample sums to a million.
What no unit takes away: TPM is a share.  Where one gene makes more molecules, all others have less.
"""

from __future__ import annotations

import numpy as np

from rgteach.doors import door
from rgteach.omics.counted import counts_of, lengths_of, not_negative

MILLION = 1e6
KILOBASE = 1e3


@door
def cpm(counts, *, genes: str = "rows", estimated: bool = False) -> np.ndarray:
    """Counts per million: the share of a sample's fragments that fell on each gene.

    Parameters
    ----------
    counts : array of int, shape (genes, samples), or (genes,) for one sample
        Fragments (or reads) counted on each gene, not yet scaled or logged.
    genes : "rows" or "columns"
        The axis of the genes: "rows" as in files of counts, "columns" as in a table of patients.
    estimated : bool
        Whether counts may have fractions, as those that Salmon and RSEM estimate.

    Returns
    -------
    cpm : array of float64, same shape
        Per million fragments of the sample; every sample sums to 1e6.

    Raises
    ------
    LearnerError
        For missing, negative or fractional counts, a sample without any, or genes on the other axis.

    Notes
    -----
    Divides by all fragments given, without the scaling factors of a library (edgeR's TMM).

    References
    ----------
    Robinson et al. 2010, doi:10.1093/bioinformatics/btp616.

    Examples
    --------
    >>> cpm([[10, 40], [30, 120]]).tolist()
    [[250000.0, 250000.0], [750000.0, 750000.0]]
    """
    table = counts_of(counts, genes, estimated)
    return table.back(MILLION * table.counts / table.depth)


@door
def fpkm(counts, lengths, *, genes: str = "rows", estimated: bool = False) -> np.ndarray:
    """Fragments per kilobase of gene and million fragments of the sample.

    Parameters
    ----------
    counts, genes, estimated
        As in `cpm`.
    lengths : array, shape (genes,)
        Length of each gene's transcript in base pairs (or its effective length).

    Returns
    -------
    fpkm : array of float64, same shape as counts
        1e9 · count / (length · depth).  With reads in place of fragments it is called RPKM.

    Raises
    ------
    LearnerError
        As in `cpm`; also for lengths that are missing, not above 0, or not one for each gene.

    Warns
    -----
    LearnerWarning
        If the lengths look like kilobases.

    Notes
    -----
    The sum over a sample depends on which genes it expresses, so a value of 10 does not mean the same in two
    samples (Wagner et al.).  `tpm` mends that.

    References
    ----------
    Mortazavi et al. 2008, doi:10.1038/nmeth.1226; Trapnell et al. 2010, doi:10.1038/nbt.1621;
    Wagner et al. 2012, doi:10.1007/s12064-012-0162-3.

    Examples
    --------
    >>> fpkm([10, 40], [1000, 4000]).tolist()
    [200000.0, 200000.0]
    """
    table = counts_of(counts, genes, estimated, lengths)
    kilobases = lengths_of(lengths, table) / KILOBASE
    return table.back(table.counts / kilobases / (table.depth / MILLION))


@door
def tpm(counts, lengths, *, genes: str = "rows", estimated: bool = False) -> np.ndarray:
    """Transcripts per million: of a million molecules of the sample, how many are of each gene.

    First the length, then the depth: counts per base pair, as a share of the sample's sum of these.

    Parameters
    ----------
    counts, genes, estimated
        As in `cpm`.
    lengths : array, shape (genes,)
        Length of each gene's transcript in base pairs (or its effective length).

    Returns
    -------
    tpm : array of float64, same shape as counts
        Every sample sums to 1e6.

    Raises
    ------
    LearnerError
        As in `fpkm`.

    Warns
    -----
    LearnerWarning
        If the lengths look like kilobases.

    Notes
    -----
    The same as ``1e6 * fpkm / fpkm.sum()`` sample by sample.

    References
    ----------
    Li et al. 2010, doi:10.1093/bioinformatics/btp692; Wagner et al. 2012, doi:10.1007/s12064-012-0162-3.

    Examples
    --------
    >>> tpm([10, 40, 50], [1000, 4000, 2500]).tolist()
    [250000.0, 250000.0, 500000.0]
    """
    table = counts_of(counts, genes, estimated, lengths)
    per_base = table.counts / lengths_of(lengths, table)
    return table.back(MILLION * per_base / per_base.sum(axis=0))


@door
def log2p1(values) -> np.ndarray:
    """log2(1 + x): doublings become steps of one, and 0 stays 0.

    Parameters
    ----------
    values : array, any shape
        CPM, FPKM, TPM or counts; 0 or more.

    Returns
    -------
    array of float64, same shape

    Raises
    ------
    LearnerError
        For values that are missing or negative, as those that were logged before can be.

    Examples
    --------
    >>> log2p1([0, 1, 3, 7]).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    return np.log2(1 + not_negative(values))
