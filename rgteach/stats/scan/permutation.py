"""How small the smallest p-value of a whole scan becomes by chance alone."""

from __future__ import annotations

from math import floor

import numpy as np

from rgteach.stats.scan import scattered
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.blocks import Block, Workers, blocks
from rgteach.stats.scan.parts import Part, Plan

ALIKE = 1e-9  # p-values of equal pairs may differ in their last digits


def smallest_by_chance(plan: Plan, question: Question, team: Workers, n_permutations: int, seed: int):
    """The smallest p-value of all pairs, for each permutation; shape (n_permutations,).

    The rows of the features, gaps and all, are dealt to the patients of the genes in another order.  All
    columns of a table move together, so whatever ties features to features and genes to genes stays as it
    is; only what ties one table to the other is cut.  Permutation k has a seed of its own, made from `seed`
    and k.
    """
    orders = (_order(len(plan.features), seed, k) for k in range(n_permutations))
    if plan.has_gaps:  # a patient with gaps meets other gaps: everything is ranked anew
        return np.array([_smallest(plan.dealt(order), question, team) for order in orders])
    parts = list(plan.parts())
    return np.array(team.each(lambda order: _smallest_of(parts, order, question), orders))


def family_wise(p: np.ndarray, smallest: np.ndarray) -> np.ndarray:
    """Adjusted p-values: how often chance alone finds as small a p-value anywhere, the data counted as one.

    Westfall and Young's single step (1993, ISBN 978-0-471-55761-6) with p-values as the measure.
    """
    below = np.searchsorted(np.sort(smallest), p * (1 + ALIKE), side="right")
    return (1 + below) / (1 + len(smallest))


def threshold(smallest: np.ndarray, alpha: float) -> float:
    """The bound below which a p-value has a family-wise adjusted p-value of at most alpha."""
    allowed = floor(alpha * (1 + len(smallest)) * (1 + 1e-12)) - 1
    return float(np.sort(smallest)[allowed]) if allowed < len(smallest) else 1.0


def _order(n: int, seed: int, k: int) -> np.ndarray:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,))).permutation(n)


def _smallest_of(parts: list[Part], order: np.ndarray, question: Question) -> float:
    """The smallest p-value after the patients of the features were dealt anew."""
    return min(
        (_smallest_in(block, question) for part in parts for block in blocks(part.dealt(order))), default=1.0
    )


def _smallest(plan: Plan, question: Question, team: Workers) -> float:
    found = [1.0]
    for part in plan.parts():
        found += team.each(lambda block: _smallest_in(block, question), blocks(part))
    for p in team.each(lambda block: block.answers(question)[0], scattered.blocks(plan)):
        found.append(float(np.fmin.reduce(p, axis=None, initial=1.0)))
    return min(found)


def _smallest_in(block: Block, question: Question) -> float:
    """The smallest p-value of a block: that of its strongest pair."""
    part = block.part
    best = block.strength(block.sums(), question.rule(part.test)).max()
    n_groups = 0 if part.sizes is None else part.sizes.shape[1]
    return question.p_of(float(best), part.test, part.n, n_groups)
