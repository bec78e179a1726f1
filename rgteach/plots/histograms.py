"""The pictures of lab 01: dots on a number line, bars of p(i), the shapes that moments measure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LEVELS, LINE_STYLES, MARKERS, TEXT_PT, label, style
from rgteach.wording import knows, say

# Usual ranges in HU; for reading a histogram, not for segmenting.
TISSUES_HU = {"lung": (-950, -700), "fat": (-130, -60), "soft": (10, 90), "bone": (250, 1200)}
FEW_BARS = 32  # more stand so close that their rims would hide them
BAND_COLOURS = {"lung": "sky", "fat": "yellow", "soft": "vermilion", "bone": "green"}


@style()
def number_line(ax: Axes, values, edges=None, *, title: str | None = None) -> Axes:
    """Draw each value as a dot above the number line; with edges, colour the dots by bin and number the bins.

    Parameters
    ----------
    ax : Axes
    values : sequence of float
        A handful of intensities.
    edges : sequence of float, optional
        n + 1 rising bin edges; a bin owns its lower edge, the last bin both.
    title : str, optional

    Returns
    -------
    ax : Axes
    """
    values = np.asarray(values, dtype=float)
    heights = _stacked(values)
    top = heights.max() + 1.6
    if edges is None:
        ax.plot(values, heights, "o", color=COLOURS["blue"], markersize=15)
    else:
        _binned_dots(ax, values, heights, np.asarray(edges, dtype=float), top)
    _ground(ax, top)
    if title:
        ax.set_title(title)
    return describe(ax, _dots_in_words(values, edges, title))


def _binned_dots(ax: Axes, values, heights, edges, top: float) -> None:
    n_bins = len(edges) - 1
    levels = np.clip(np.searchsorted(edges, values, side="right"), 1, n_bins)
    ax.scatter(
        values, heights, s=225, c=levels, cmap=LEVELS, vmin=1, vmax=n_bins, edgecolor="black", zorder=3
    )
    ax.vlines(edges, 0, top, color="black", linestyle=":", linewidth=1.5)
    ax.set_xticks(edges)
    if n_bins > 9:
        ax.set_xticks(edges[:: -(-n_bins // 6)])
    for level in _every(n_bins):
        ax.text(
            (edges[level - 1] + edges[level]) / 2,
            top - 0.45,
            str(level),
            ha="center",
            va="center",
            weight="bold",
        )


def _every(n_bins: int) -> list[int]:
    """The bins that get a number: all of a few, else the first, the last and some between."""
    if n_bins <= 9:
        return list(range(1, n_bins + 1))
    return sorted({1, n_bins, *range(4, n_bins - 1, 4)})


@style()
def balance(ax: Axes, values) -> Axes:
    """Draw the values as weights on a beam: it balances on the mean; the arrow is one sd to each side."""
    values = np.asarray(values, dtype=float)
    mean, sd = values.mean(), values.std()
    heights = _stacked(values)
    ax.plot(values, heights, "o", color=COLOURS["blue"], markersize=15)
    ax.plot([mean], [-0.28], "^", color=COLOURS["vermilion"], markersize=22, clip_on=False, zorder=4)
    ax.annotate(
        "", (mean + sd, -1.0), (mean - sd, -1.0),
        arrowprops={"arrowstyle": "<->", "linewidth": 2, "color": COLOURS["vermilion"]},
    )  # fmt: skip
    said = label("lab01-mean-and-sd", mean=f"{mean:g}", sd=f"{sd:g}")
    ax.text(mean, -1.25, said, ha="center", va="top", color=COLOURS["vermilion"])
    ax.axhline(0, color="black", linewidth=1.5)
    _ground(ax, heights.max() + 1, bottom=-2.2)
    ax.spines["bottom"].set_visible(False)
    listed = ", ".join(f"{v:g}" for v in values)
    return describe(ax, say("alt-lab01-balance", values=listed, mean=f"{mean:.4g}", sd=f"{sd:.4g}"))


@style()
def bars(ax: Axes, p, *, questions: bool = False) -> Axes:
    """Draw the histogram p(i) as bars over the gray levels, if asked with log2(1/p) above each bar."""
    p = np.asarray(p, dtype=float)
    levels = np.arange(1, len(p) + 1)
    rim = {"edgecolor": "black", "linewidth": 1 if len(p) <= FEW_BARS else 0}
    ax.bar(levels, p, width=0.9, color=COLOURS["blue"], **rim)
    if questions:
        for level, share in zip(levels, p, strict=True):
            if share > 0:
                n = np.log2(1 / share)
                told = label("lab01-bit" if n == 1 else "lab01-bits", n=f"{n:.3g}")
                ax.text(level, share + 0.01, told, ha="center", va="bottom")
        ax.set_ylim(0, p.max() * 1.3)
    if len(p) <= 12:
        ax.set_xticks(levels)
    ax.set_xlabel(label("lab01-level"))
    ax.set_ylabel(label("lab01-share"))
    told = ", ".join(f"{level}: {share:.3g}" for level, share in zip(levels, p, strict=True) if share > 0)
    return describe(ax, say("alt-lab01-bars", n=len(p), shares=told if len(p) <= 16 else f"{p.max():.3g}"))


@style()
def shapes(ax: Axes, moment: str) -> Axes:
    """Draw three curves with the same mean and spread that differ in one moment.

    Parameters
    ----------
    ax : Axes
    moment : "skewness" or "kurtosis"

    Returns
    -------
    ax : Axes
    """
    x = np.linspace(-4, 4, 801)
    curves = {"skewness": _lopsided, "kurtosis": _tailed}[moment](x)
    for (value, density), dashes, colour in zip(
        curves.items(),
        (LINE_STYLES[1], LINE_STYLES[0], LINE_STYLES[2]),
        ("orange", "black", "blue"),
        strict=True,
    ):
        ax.plot(x, density, linestyle=dashes, color=COLOURS[colour], label=f"{value:+g}" if value else "0")
    ax.legend(
        title=label(f"lab01-{moment}"), loc="upper center", ncols=3, columnspacing=0.9, handlelength=1.4
    )
    ax.set_ylim(0, max(d.max() for d in curves.values()) * 1.45)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(label("lab01-in-sd"))
    return describe(ax, say(f"alt-lab01-{moment}"))


def _lopsided(x) -> dict[float, np.ndarray]:
    """Gamma curves of mean 0 and sd 1, and the normal curve; the skewness of a gamma of shape 4 is 1."""
    grown = np.maximum(x * 2 + 4, 0)
    right = 2 * grown**3 * np.exp(-grown) / 6
    return {-1: right[::-1], 0: _normal(x), 1: right}


def _tailed(x) -> dict[float, np.ndarray]:
    """Uniform, normal and Laplace curve of mean 0 and sd 1; excess kurtosis -1.2, 0 and 3."""
    uniform = np.where(np.abs(x) <= np.sqrt(3), 1 / (2 * np.sqrt(3)), 0)
    return {-1.2: uniform, 0: _normal(x), 3: np.exp(-np.sqrt(2) * np.abs(x)) / np.sqrt(2)}


def _normal(x):
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


@style()
def tissues(ax: Axes, values, bin_width: float = 25) -> Axes:
    """Draw the histogram of a CT region in HU over bands with the usual ranges of four tissues."""
    values = np.asarray(values, dtype=float).ravel()
    edges = np.arange(np.floor(values.min() / bin_width), np.ceil(values.max() / bin_width) + 1) * bin_width
    counts, _ = np.histogram(values, edges)
    shares = counts / counts.sum()
    ax.stairs(shares, edges, fill=True, facecolor=COLOURS["blue"], edgecolor="black", linewidth=1)
    top = shares.max() * 1.22
    for k, (name, (low, high)) in enumerate(TISSUES_HU.items()):
        ax.axvspan(low, high, color=COLOURS[BAND_COLOURS[name]], alpha=0.35, linewidth=0, zorder=0)
        middle = (low + min(high, edges[-1])) / 2
        ax.text(middle, top * (0.99, 0.99, 0.91, 0.99)[k], label(f"lab01-{name}"), ha="center", va="top")
    ax.set_ylim(0, top)
    ax.set_xlim(min(edges[0], -1000), edges[-1])
    ax.set_xlabel(label("lab01-intensity-in", unit="HU"))
    ax.set_ylabel(label("lab01-share"))
    found = {name: (values >= low) & (values <= high) for name, (low, high) in TISSUES_HU.items()}
    shares_in = {name: f"{100 * inside.mean():.0f}" for name, inside in found.items()}
    return describe(ax, say("alt-lab01-tissues", width=f"{bin_width:g}", **shares_in))


@style()
def overlay(ax: Axes, groups: Mapping[str, object], *, bins: int = 40, unit: str = "") -> Axes:
    """Draw the histograms of some regions over each other, on common bins; equal ones lie exactly on top."""
    groups = {name: np.asarray(values, dtype=float).ravel() for name, values in groups.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(groups.values())), bins)
    for k, (name, values) in enumerate(groups.items()):
        shares = np.histogram(values, edges)[0] / len(values)
        colour = COLOURS[("sky", "vermilion", "green")[k % 3]]
        look = {"fill": True, "alpha": 0.6} if k == 0 else {"linestyle": LINE_STYLES[k % 4], "linewidth": 2.5}
        ax.stairs(shares, edges, color=colour, label=_told(name), **look)
    ax.legend()
    ax.set_xlabel(label("lab01-intensity-in", unit=unit) if unit else label("lab01-intensity"))
    ax.set_ylabel(label("lab01-share"))
    told = "; ".join(
        f"{_told(name)}: {values.mean():.4g} ± {values.std():.3g}" for name, values in groups.items()
    )
    return describe(ax, say("alt-lab01-overlay", groups=told))


@style()
def cohort(ax: Axes, features: Mapping[str, object], mutated) -> Axes:
    """Draw each patient as a point, a column for each feature, a colour for each group.

    Parameters
    ----------
    ax : Axes
    features : mapping of name to n values
        A name that the wording table knows as `lab01-name-…` is shown in the learner's language.
    mutated : array of bool, shape (n,)

    Returns
    -------
    ax : Axes
    """
    mutated = np.asarray(mutated, dtype=bool)
    told = []
    for k, (name, values) in enumerate(features.items()):
        z = (np.asarray(values, dtype=float) - np.mean(values)) / np.std(values)
        for group, side, colour, marker in ((~mutated, -0.17, "blue", 0), (mutated, 0.17, "vermilion", 2)):
            ax.plot(
                k + side + _spread(z[group]), z[group], MARKERS[marker], color=COLOURS[colour], alpha=0.75
            )
            ax.hlines(np.median(z[group]), k + side - 0.13, k + side + 0.13, color="black", zorder=4)
        told.append(f"{_told(name)} {np.median(z[~mutated]):+.2f} / {np.median(z[mutated]):+.2f}")
    for key, colour, marker in (("lab01-wild-type", "blue", 0), ("lab01-mutated", "vermilion", 2)):
        ax.plot([], [], MARKERS[marker], color=COLOURS[colour], label=label(key))
    ax.plot([], [], "-", color="black", label=label("lab01-median"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.2, handletextpad=0.4)
    ax.set_xticks(range(len(features)), [_told(name).replace(" ", "\n") for name in features])
    ax.set_ylabel(label("lab01-z-score"))
    n = len(mutated)
    return describe(ax, say("alt-lab01-cohort", n=n, mutated=int(mutated.sum()), medians="; ".join(told)))


def _told(name: str) -> str:
    """A name in the learner's language where the wording table has it, else as given."""
    key = f"lab01-name-{name}"
    return label(key) if knows(key) else name


def _stacked(values: np.ndarray) -> np.ndarray:
    """Height of each dot: equal values stand on each other."""
    return np.array([np.count_nonzero(values[:k] == value) + 0.5 for k, value in enumerate(values)])


def _spread(z: np.ndarray) -> np.ndarray:
    """Small steps to the side, the same at every run, so that neighbouring points do not hide each other."""
    order = np.argsort(np.argsort(z))
    return (order % 3 - 1) * 0.06


def _ground(ax: Axes, top: float, bottom: float = 0.0) -> None:
    ax.set_ylim(bottom, top)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(label("lab01-intensity"))
    ax.tick_params(labelsize=TEXT_PT)


def _dots_in_words(values, edges, title) -> str:
    told = say("alt-lab01-dots", values=", ".join(f"{v:g}" for v in values))
    if edges is not None:
        counts = np.histogram(values, edges)[0]
        told += say(
            "alt-lab01-bins", edges=", ".join(f"{e:g}" for e in edges), counts=", ".join(map(str, counts))
        )
    return f"{title}. {told}" if title else told
