"""Rank correlations of exactly 1 or -1, for which Student's t has no p-value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rgteach.stats.correlation import spearman
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.collect import Collected, p_histogram
from rgteach.stats.scan.parts import Plan


def settled(found: Collected, plan: Plan, question: Question) -> Collected:
    """The same answers, with the exact p-value where both orders agree without exception, as in `spearman`.

    There t is infinite and p would be 0, even for four patients.  Zero lies below every cut, so all these
    pairs are among those that were kept; a p-value above the cut does no harm there.
    """
    pairs, histogram = found.pairs, found.histogram.copy()
    perfect = (
        (plan.tests[pairs.gene] == "spearman") & (pairs.p_value == 0) & (np.abs(pairs.effect) > 1 - 1e-9)
    )
    p, rho = pairs.p_value.copy(), pairs.effect.copy()
    for k in np.flatnonzero(perfect):
        i, j = pairs.feature[k], pairs.gene[k]
        single = spearman(plan.features[:, i], plan.genes[:, j], alternative=question.alternative)
        if single.method != "spearman-exact":  # an order so nearly perfect that t's p-value is below 1e-308
            continue
        histogram += p_histogram(np.array([single.p_value])) - p_histogram(np.zeros(1))
        p[k], rho[k] = single.p_value, single.statistic
        if found.tables is not None:
            found.tables[:, i, j] = p[k], rho[k], rho[k]
    statistic = np.where(perfect, rho, pairs.statistic)
    return replace(
        found, histogram=histogram, pairs=replace(pairs, p_value=p, statistic=statistic, effect=rho)
    )
