"""Answers that are nearly the same, for a person to look at.

That two answers agree means little where half the class wrote the same, or where there is only one short way
to write it.  So what the published solution holds is taken out first; a run of tokens that more than a few
students wrote counts nothing, and the others count the more the fewer wrote them: log2(class / how many).
A pair is listed when at least `FEWEST_RUNS` rare runs agree, and they weigh at least `NEAR` of all rare runs
of the two.  Nothing here says who wrote first, or that anybody copied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rgteach.grading.insight.print_of import Print, print_of

FEWEST_RUNS = 15
NEAR = 0.7


@dataclass(frozen=True)
class Group:
    """Students (by their place in the class) whose answers are nearly the same, and how nearly."""

    members: tuple[int, ...]
    same: bool  # one normal form for all
    near: float  # the least of the shares by which they hang together, 1 for the same
    length: int  # tokens of the longest
    weight: float  # log2 units of what they share: rare and long comes first


@dataclass(frozen=True)
class Found:
    """What was found for one exercise; `as_published` counts answers in the form of the solution."""

    groups: tuple[Group, ...]
    as_published: int
    written: int
    most: int  # students who may share a run before it counts nothing


def most_sharing(n: int) -> int:
    """How many of n may share something before it is only what one writes: 5 %, 5 at least, 40 at most."""
    return min(max(5, n // 20), max(2, n // 3), 40)


def groups(sources: Sequence[str], prints: Mapping[str, Print], published: Iterable[str] = ()) -> Found:
    """Which answers of one exercise hang together; "" stands for no answer."""
    known = [print_of(text) for text in published]
    forms: dict[bytes, list[int]] = defaultdict(list)
    of_form: dict[bytes, Print] = {}
    for k, source in enumerate(sources):
        if source.strip():
            forms[prints[source].form].append(k)
            of_form[prints[source].form] = prints[source]
    as_published = sum(len(forms.pop(form.form, ())) for form in {p.form: p for p in known}.values())
    written = as_published + sum(map(len, forms.values()))
    most = most_sharing(written)
    table = _Table([of_form[f] for f in forms], [len(m) for m in forms.values()], known, written, most)
    found = _joined(table, list(forms.values()))
    return Found(tuple(sorted(found, key=lambda g: (-g.weight, g.members))), as_published, written, most)


class _Table:
    """The rare runs of every form, as one long list: `form[i]` has `run[i]`, which weighs `weight[i]`."""

    def __init__(self, prints: list[Print], sizes: list[int], known: list[Print], n: int, most: int):
        self.prints = prints
        counts = [len(p.runs) for p in prints]
        runs = np.concatenate([p.runs for p in prints]) if prints else np.array([], np.uint64)
        form = np.repeat(np.arange(len(prints)), counts)
        old = np.concatenate([p.runs for p in known]) if known else np.array([], np.uint64)
        new = ~_among(runs, np.unique(old))
        runs, form = runs[new], form[new]
        order = np.argsort(runs, kind="stable")
        run = np.empty(len(runs), int)
        run[order] = np.cumsum(np.r_[False, runs[order][1:] != runs[order][:-1]][: len(runs)])
        students = np.bincount(run, weights=np.asarray(sizes, float)[form])
        rare = students[run] <= most
        self.run, self.form = run[rare], form[rare]
        self.weight = np.log2(max(n, 2) / students[self.run])
        self._by_run = (np.cumsum(rare) - 1)[order[rare[order]]]  # then by form
        self.total = np.bincount(self.form, self.weight, len(prints))
        self.count = np.bincount(self.form, minlength=len(prints))

    def pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Pairs of forms that share rare runs: first, second, how many runs, what they weigh."""
        run = self.run[self._by_run]
        same = run[1:] == run[:-1]
        order = self._by_run[
            np.r_[False, same][: len(run)] | np.r_[same, False][: len(run)]
        ]  # of two or more
        run, form, weight = self.run[order], self.form[order], self.weight[order]
        parts = []
        for step in range(1, len(run)):
            same = run[step:] == run[:-step]
            if not same.any():
                break
            parts.append((form[:-step][same] * len(self.prints) + form[step:][same], weight[step:][same]))
        if not parts:
            return (np.array([], int),) * 4
        pair, place = np.unique(np.concatenate([p for p, _ in parts]), return_inverse=True)
        shared = np.bincount(place, np.concatenate([w for _, w in parts]))
        return pair // len(self.prints), pair % len(self.prints), np.bincount(place), shared


def _among(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which values are known; `known` is sorted and short."""
    if not len(known):
        return np.zeros(len(values), bool)
    return known[np.minimum(np.searchsorted(known, values), len(known) - 1)] == values


def _joined(table: _Table, members: list[list[int]]) -> Iterable[Group]:
    """Forms that are near enough to one another, put together; and forms that several wrote."""
    first, second, count, shared = table.pairs()
    near = shared / np.maximum(table.total[first] + table.total[second] - shared, 1e-12)
    links = np.flatnonzero((count >= FEWEST_RUNS) & (near >= NEAR))
    root = list(range(len(members)))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = k = root[root[k]]
        return k

    for i in links:
        root[find(int(first[i]))] = find(int(second[i]))
    least: dict[int, float] = {}
    weight: dict[int, float] = {}
    for i in links:
        top = find(int(first[i]))
        least[top] = min(least.get(top, 1.0), float(near[i]))
        weight[top] = max(weight.get(top, 0.0), float(shared[i]))
    together: dict[int, list[int]] = defaultdict(list)
    for k in range(len(members)):
        together[find(k)].append(k)
    for top, some in together.items():
        if len(some) == 1 and (len(members[top]) < 2 or table.count[top] < FEWEST_RUNS):
            continue
        yield Group(
            tuple(sorted(s for k in some for s in members[k])),
            len(some) == 1,
            least.get(top, 1.0),
            max(table.prints[k].length for k in some),
            weight.get(top, float(table.total[top])),
        )
