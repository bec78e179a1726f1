"""Many p-values in one picture: which are small, where each rule draws its line, and who survives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

KINDS = {  # what a pair on the map is: colour and marker
    "small": ("blue", "o"),
    "cause": ("blue", "o"),
    "borrowed": ("orange", "s"),
    "scanner": ("purple", "v"),
    "false": ("vermilion", "X"),
    "missed": ("black", "."),
}
RULES = {"none": ("black", ":"), "bonferroni": ("vermilion", "-."), "holm": ("orange", "--")}
RULES |= {"bh": ("blue", "-"), "by": ("purple", "--")}
NAMED = 2  # genes whose name stands beside the map
SMALL_TEXT = 13


@style()
def pair_map(ax: Axes, kinds: Mapping[str, object], genes: Sequence[str]) -> Axes:
    """Draw a map of all pairs, features to the right and genes downwards, with a sign on some of them.

    Parameters
    ----------
    ax : Axes
    kinds : mapping of kind (one of `KINDS`) to array of bool, shape (features, genes)
        Which pairs get the sign of this kind.
    genes : sequence of str
        Names of the columns; the first two are written.

    Returns
    -------
    ax : Axes
    """
    masks = {kind: np.asarray(mask, bool) for kind, mask in kinds.items()}
    n_features, n_genes = next(iter(masks.values())).shape
    for gene in range(n_genes):
        ax.axhline(gene, color="0.9", linewidth=0.8, zorder=0)
    for kind, mask in masks.items():
        colour, marker = KINDS[kind]
        feature, gene = np.nonzero(mask)
        told = f"{label(f'lab06-kind-{kind}')} ({len(gene)})"
        ax.plot(feature + 1, gene, marker, color=COLOURS[colour], ms=6, mew=0, ls="", label=told)
    rest = (NAMED + n_genes - 1) / 2
    names = [*genes[:NAMED], label("lab06-other-genes", n=n_genes - NAMED)]
    ax.set_yticks([*range(NAMED), rest], names, fontsize=SMALL_TEXT)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, n_features + 1)
    ax.set_ylim(n_genes - 0.4, -0.7)
    ax.set_xlabel(label("lab06-feature-number"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2, columnspacing=1, handletextpad=0.2)
    told = "; ".join(_kind_in_words(kind, mask, genes) for kind, mask in masks.items())
    return describe(ax, say("alt-lab06-map", n=n_features * n_genes, f=n_features, g=n_genes, told=told))


def _kind_in_words(kind: str, mask: np.ndarray, genes: Sequence[str]) -> str:
    most = mask.sum(axis=0)
    if not most.any():
        return say("alt-lab06-kind-none", kind=say(f"lab06-kind-{kind}"))
    where = say("word-between").join(
        f"{genes[g]} {most[g]}" for g in np.argsort(-most, kind="stable")[:3] if most[g]
    )
    return say("alt-lab06-kind", kind=say(f"lab06-kind-{kind}"), n=int(mask.sum()), where=where)


def bounds(method: str, m: int, alpha: float) -> np.ndarray:
    """What the k-th smallest of m p-values is compared with, k = 1 … m."""
    rank = np.arange(1, m + 1)
    if method == "by":
        alpha = alpha / np.sum(1 / rank)
    return {
        "none": np.full(m, alpha),
        "bonferroni": np.full(m, alpha / m),
        "holm": alpha / (m + 1 - rank),
        "bh": alpha * rank / m,
        "by": alpha * rank / m,
    }[method]


@style()
def ladder(ax: Axes, p, alpha: float, methods: Sequence[str], *, first: int | None = None) -> Axes:
    """Draw the smallest p-values in order and, for each rule, what they are compared with.

    Parameters
    ----------
    ax : Axes
    p : sequence of float
        All p-values, in any order, none missing.
    alpha : float
    methods : sequence of str
        Of "none", "bonferroni", "holm", "bh", "by"; the discoveries of the last one are filled.
    first : int, optional
        Draw so many of them; all without it.

    Returns
    -------
    ax : Axes
    """
    from rgteach.stats.multiplicity import discoveries

    p = np.sort(np.asarray(p, float))
    n, rank = min(first or len(p), len(p)), np.arange(1, len(p) + 1)
    for method in methods:
        colour, line = RULES[method]
        ax.plot(
            rank[:n],
            bounds(method, len(p), alpha)[:n],
            line,
            color=COLOURS[colour],
            label=label(f"adjust-{method}"),
        )
    found = p <= alpha if methods[-1] == "none" else discoveries(p, alpha, methods[-1]).mask
    ax.plot(rank[:n][found[:n]], p[:n][found[:n]], "o", color="black")
    ax.plot(rank[:n][~found[:n]], p[:n][~found[:n]], "o", color="black", mfc="white", mew=1.5)
    ax.set_ylim(0, max(p[n - 1], max(bounds(m, len(p), alpha)[:n].max() for m in methods)) * 1.08)
    ax.set_xlabel(label("lab06-rank"))
    ax.set_ylabel(label("lab06-p"))
    ax.legend(loc="upper left")
    _whole_ranks(ax, n)
    told = "; ".join(f"{k}: {value:.3g}" for k, value in zip(rank[: min(n, 12)], p, strict=False))
    names = ", ".join(say(f"adjust-{method}") for method in methods)
    return describe(
        ax,
        say("alt-lab06-ladder", n=n, told=told, names=names, k=int(found.sum()), last=names.split(", ")[-1]),
    )


def _whole_ranks(ax: Axes, n: int) -> None:
    if n <= 12:
        ax.set_xticks(range(1, n + 1))
    ax.set_xlim(0, n + 1)


@style()
def adjusted_view(ax: Axes, p, alpha: float = 0.05, *, first: int | None = None) -> Axes:
    """Draw p·m/k of the sorted p-values and the smallest of it from each rank on: the adjusted value.

    Parameters
    ----------
    ax : Axes
    p : sequence of float
    alpha : float
        Height of the dashed line.
    first : int, optional
        Draw so many of them; all without it.

    Returns
    -------
    ax : Axes
    """
    p = np.sort(np.asarray(p, float))
    n, rank = min(first or len(p), len(p)), np.arange(1, len(p) + 1)
    raw = p * len(p) / rank
    least = np.minimum.accumulate(raw[::-1])[::-1]
    ax.plot(rank[:n], raw[:n], "o", color=COLOURS["vermilion"], mfc="white", mew=2, ms=11, label="p · m / k")
    ax.plot(rank[:n], least[:n], "-s", color=COLOURS["blue"], ms=6, label=label("lab06-adjusted"))
    ax.axhline(alpha, color="black", linestyle=LINE_STYLES[1], linewidth=1, label=f"α = {alpha:g}")
    ax.set_ylim(0, raw[:n].max() * 1.1)
    ax.set_xlabel(label("lab06-rank"))
    ax.set_ylabel(label("lab06-after"))
    ax.legend(loc="upper left")
    _whole_ranks(ax, n)
    told = "; ".join(f"{k}: {a:.3g} → {b:.3g}" for k, a, b in zip(rank[:n], raw, least, strict=False))
    return describe(ax, say("alt-lab06-adjusted", told=told, below=int((least <= alpha).sum()), alpha=alpha))


@style()
def survivors(ax: Axes, p, alpha: float = 0.05) -> Axes:
    """Draw how many tests stay at alpha under each rule, and how many pure chance would give.

    Parameters
    ----------
    ax : Axes
    p : array of float of any shape
        NaN is no test.
    alpha : float

    Returns
    -------
    ax : Axes
    """
    counts = survive(p, alpha)
    colours = {"chance": "0.75"} | {name: COLOURS[RULES[name][0]] for name in RULES}
    bars = ax.barh(list(counts), list(counts.values()), color=[colours[name] for name in counts], height=0.65)
    bars[0].set(hatch="//", edgecolor="black")
    most = max(counts.values())
    for row, count in enumerate(counts.values()):
        ax.text(count + most * 0.015, row, _count(count), va="center")
    told = [label("lab06-chance"), label("lab06-small-p", alpha=alpha)]
    ax.set_yticks(range(len(counts)), [*told, *(label(f"adjust-{name}") for name in list(counts)[2:])])
    ax.invert_yaxis()
    ax.set_xlim(0, max(most, 1) * 1.15)
    ax.set_xlabel(label("lab06-tests-left"))
    numbers = "; ".join(
        f"{t.get_text()}: {_count(c)}" for t, c in zip(ax.get_yticklabels(), counts.values(), strict=True)
    )
    return describe(ax, say("alt-lab06-survivors", n=f"{np.sum(~np.isnan(p)):,}", told=numbers))


def survive(p, alpha: float = 0.05) -> dict[str, float]:
    """How many tests are left: by chance alone (expected), uncorrected, and after each rule."""
    from rgteach.stats.multiplicity import discoveries

    p = np.asarray(p, float)
    counts = {"chance": alpha * np.sum(~np.isnan(p)), "none": np.sum(p <= alpha)}
    counts |= {method: discoveries(p, alpha, method).n for method in ("bh", "by", "holm", "bonferroni")}
    return {name: float(count) for name, count in counts.items()}


def _count(n: float) -> str:
    """A number of tests; an expected one below ten keeps a decimal."""
    return f"{n:,.0f}" if n >= 10 or n == round(n) else f"{n:.1f}"


def verdict(p, alpha: float = 0.05) -> str:
    """One or two sentences on what is left of a family of tests, in the language in force."""
    counts = survive(p, alpha)
    n_tests, left = int(np.sum(~np.isnan(p))), int(counts["bh"])
    key = "none" if left == 0 else "all" if left == n_tests else "most" if left > n_tests / 2 else "some"
    values = {
        "n": f"{n_tests:,}",
        "alpha": f"{alpha:g}",
        "chance": _count(counts["chance"]),
    }
    values |= {"small": f"{counts['none']:,.0f}", "left": f"{left:,}"}
    return say("lab06-verdict", **values, rest=say(f"lab06-verdict-{key}"))


@style()
def crossed(ax: Axes, values, first, second, names: Sequence[str]) -> Axes:
    """Draw a feature in the four groups that two genes make, every patient a point, with the medians.

    Parameters
    ----------
    ax : Axes
    values, first, second : sequences of length n
        The feature, and who carries the first and the second gene.
    names : (str, str)
        Of the two genes.

    Returns
    -------
    ax : Axes
    """
    values, first, second = np.asarray(values, float), np.asarray(first, bool), np.asarray(second, bool)
    told, ticks = [], []
    for k, (a, b) in enumerate([(False, False), (False, True), (True, False), (True, True)]):
        mine = values[(first == a) & (second == b)]
        side = (np.arange(len(mine)) * 0.618034 % 1 - 0.5) * 0.4
        ax.plot(k + side, mine, MARKERS[int(b)], color=COLOURS["orange" if a else "blue"], alpha=0.7, mew=0)
        ticks.append(f"{names[0]} {'+' if a else '−'}\n{names[1]} {'+' if b else '−'}\nn = {len(mine)}")
        if len(mine):
            ax.plot([k - 0.3, k + 0.3], [np.median(mine)] * 2, color="black", linewidth=3)
            told.append(f"{ticks[-1]}: {np.median(mine):.2f}")
    ax.set_xticks(range(4), ticks, fontsize=SMALL_TEXT)
    ax.set_ylabel(label("lab06-feature-sd"))
    return describe(ax, say("alt-lab06-crossed", told="; ".join(told)))


@style()
def smallest(ax: Axes, carriers, p, *, line: float) -> Axes:
    """Draw the smallest p-value that a gene can reach against its number of carriers, on a log scale.

    Parameters
    ----------
    ax : Axes
    carriers, p : sequence of float
    line : float
        The largest p-value that would still count.

    Returns
    -------
    ax : Axes
    """
    carriers, p = np.asarray(carriers), np.asarray(p, float)
    can = p <= line
    ax.semilogy(carriers[can], p[can], "o", color=COLOURS["blue"], label=label("lab06-can"))
    ax.semilogy(carriers[~can], p[~can], "X", color=COLOURS["vermilion"], ms=11, label=label("lab06-cannot"))
    ax.axhline(line, color="black", linestyle=LINE_STYLES[1], label=label("lab06-needed"))
    ax.set_xticks(carriers)
    ax.set_xlabel(label("lab06-carriers"))
    ax.set_ylabel(label("lab06-smallest"))
    ax.legend(loc="upper right")
    told = "; ".join(f"{k}: {value:.2g}" for k, value in zip(carriers, p, strict=True))
    return describe(ax, say("alt-lab06-smallest", told=told, line=f"{line:.2g}"))
