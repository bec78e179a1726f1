"""Exact p-values for the binary genes of a scan, pair by pair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rgteach.stats.association import wilcoxon
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.blocks import Workers
from rgteach.stats.scan.collect import Collected, p_histogram, pairs_up_to
from rgteach.stats.scan.parts import Plan


def replaced(found: Collected, plan: Plan, question: Question, team: Workers, alpha: float) -> Collected:
    """The same tables with the p-values of binary genes counted exactly; NaN stays NaN."""
    p = found.tables[0]
    places = [(i, j) for j in np.flatnonzero(plan.tests == "wilcoxon") for i in range(len(p))]
    places = [place for place in places if not np.isnan(p[place])]
    for place, value in zip(places, team.each(lambda at: _exact(plan, at, question), places), strict=True):
        p[place] = value
    return replace(found, pairs=pairs_up_to(found.tables, alpha), histogram=p_histogram(p))


def _exact(plan: Plan, place: tuple[int, int], question: Question) -> float:
    values, gene = plan.features[:, place[0]], plan.genes[:, place[1]]
    x, y = values[gene == 1], values[gene == 0]
    return wilcoxon(x, y, method="exact", alternative=question.alternative).p_value
