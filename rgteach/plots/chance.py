"""What chance would do to a test: null distributions, p-values, false alarms, intervals and the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

ALARMS = ("few-wide", "many-wide", "welch")  # which group is the wider one, and which test
LINE_COLOURS = ("vermilion", "blue", "green")
USUAL_ALPHA = 0.05


@style()
def null_bars(
    ax: Axes,
    u: Sequence[float],
    share: Sequence[float],
    seen: float,
    *,
    curve: tuple[float, float] | None = None,
) -> Axes:
    """Draw how U varies where there is nothing to find, and where the U of the data lies.

    Parameters
    ----------
    ax : Axes
    u, share : sequence of float
        The values that U can take, ascending, and the share of all choices that give each.
    seen : float
        U of the data; values at least as far from the middle are marked.
    curve : (mean, standard deviation), optional
        Of a normal curve to lay over the bars.

    Returns
    -------
    ax : Axes
    """
    u, share = np.asarray(u, float), np.asarray(share, float)
    step = float(np.min(np.diff(u))) if len(u) > 1 else 1.0
    middle = (u * share).sum()
    far = np.abs(u - middle) >= abs(seen - middle) - 1e-9
    for mask, colour, hatch, key in ((~far, "sky", "", "near"), (far, "vermilion", "//", "far")):
        name = label(f"lab04-{key}", share=f"{100 * share[mask].sum():.4g}")
        edge = "white" if len(u) < 60 else None
        ax.bar(
            u[mask], share[mask], 0.9 * step, color=COLOURS[colour], hatch=hatch, ec=edge, lw=0.5, label=name
        )
    if curve:
        along = np.linspace(u[0], u[-1], 200)
        height = step * np.exp(-0.5 * ((along - curve[0]) / curve[1]) ** 2) / (curve[1] * np.sqrt(2 * np.pi))
        ax.plot(along, height, color="black", label=label("lab04-normal"))
    ax.set_ylim(0, 1.25 * share.max())
    tip = (seen, share[np.argmin(np.abs(u - seen))])
    arrow = {"arrowstyle": "->", "lw": 2}
    ax.annotate(
        label("lab04-seen", u=f"{seen:g}"), tip, (seen, 1.13 * share.max()), ha="center", arrowprops=arrow
    )
    ax.set_xlabel(label("lab04-u"))
    ax.set_ylabel(label("lab04-share"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ends = {"low": f"{u[0]:g}", "high": f"{u[-1]:g}", "middle": f"{middle:g}", "seen": f"{seen:g}"}
    return describe(ax, say("alt-lab04-null", **ends, far=f"{100 * share[far].sum():.3g}"))


@style()
def p_lines(
    ax: Axes,
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    *,
    over: str,
    marked: float | None = None,
) -> Axes:
    """Draw p-values against a setting, on a scale of powers of ten.

    Parameters
    ----------
    ax : Axes
    x : sequence of float
    series : mapping of name to sequence of float
    over : str
        What x is, in words.
    marked : float, optional
        The setting in force.

    Returns
    -------
    ax : Axes
    """
    for k, (name, values) in enumerate(series.items()):
        ax.plot(x, values, LINE_STYLES[k], marker=MARKERS[k], color=COLOURS[LINE_COLOURS[k]], label=name)
    ax.axhline(USUAL_ALPHA, color="gray", ls=":")
    ax.annotate("0.05", (1.01, USUAL_ALPHA), xycoords=("axes fraction", "data"), va="center", color="dimgray")
    if marked is not None:
        ax.axvline(marked, color="black", lw=1, ls=":")
    lowest = min(min(values) for values in series.values())
    ax.set_yscale("log")
    ax.minorticks_off()
    ax.set_ylim(10 ** np.floor(np.log10(max(min(lowest, 0.01), 1e-300))), 1.5)
    ax.set_xlabel(over)
    ax.set_ylabel(label("result-p"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(series))
    ends = "; ".join(
        say("alt-lab04-line", name=name, first=f"{values[0]:.2g}", last=f"{values[-1]:.2g}")
        for name, values in series.items()
    )
    return describe(ax, say("alt-lab04-p", over=over, first=f"{x[0]:g}", last=f"{x[-1]:g}", ends=ends))


@style()
def false_alarms(
    ax: Axes, ratios: Sequence[float], series: Mapping[str, Sequence[float]], n_studies: int
) -> Axes:
    """Draw how often p falls below 0.05 although the truth holds no difference in height.

    Parameters
    ----------
    ax : Axes
    ratios : sequence of float
        Spread of one group over that of the other.
    series : mapping of test to sequence of float
        Shares of `n_studies` simulated studies; whiskers are their 95 % intervals.  The tests are among
        `ALARMS`.
    n_studies : int

    Returns
    -------
    ax : Axes
    """
    series = {label(f"lab04-{test}"): np.asarray(shares, float) for test, shares in series.items()}
    for k, (name, shares) in enumerate(series.items()):
        whisker = 196 * np.sqrt(shares * (1 - shares) / n_studies)
        look = {"marker": MARKERS[k], "color": COLOURS[LINE_COLOURS[k]], "ls": LINE_STYLES[k], "capsize": 4}
        ax.errorbar(ratios, 100 * shares, whisker, label=name, **look)
    ax.axhline(5, color="gray", ls=":")
    ax.set_ylim(0)
    ax.set_xticks(ratios, [f"{r:g}" for r in ratios])
    ax.set_xlabel(label("lab04-ratio"))
    ax.set_ylabel(label("lab04-alarms"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1)
    ends = "; ".join(
        say("alt-lab04-line", name=name, first=f"{100 * s[0]:.1f} %", last=f"{100 * s[-1]:.1f} %")
        for name, s in series.items()
    )
    words = {"first": f"{ratios[0]:g}", "last": f"{ratios[-1]:g}", "ends": ends}
    return describe(ax, say("alt-lab04-alarms", **words, n=f"{n_studies:,}"))


@style()
def forest(ax: Axes, rows: Mapping[str, object], truth: Mapping[str, float] | None = None) -> Axes:
    """Draw AUCs with their intervals, one below the other, and the known truth where there is one.

    Parameters
    ----------
    ax : Axes
    rows : mapping of name to Estimate
        Such as `rg.wilcoxon(x, y).effect`.
    truth : mapping of name to float, optional

    Returns
    -------
    ax : Axes
    """
    truth, said = truth or {}, []
    for k, (name, estimate) in enumerate(rows.items()):
        ends = [[estimate.value - estimate.low], [estimate.high - estimate.value]]
        first = label("lab04-estimate") if k == 0 else None
        ax.errorbar([estimate.value], [k], xerr=ends, fmt="o", color=COLOURS["blue"], capsize=5, label=first)
        if name in truth:
            first = label("lab04-truth") if k == 0 else None
            ax.plot([truth[name]], [k - 0.28], "v", color=COLOURS["vermilion"], ms=11, label=first, ls="")
        told = f"{truth[name]:.2f}" if name in truth else "–"
        ends = {"low": f"{estimate.low:.2f}", "high": f"{estimate.high:.2f}", "truth": told}
        said.append(say("alt-lab04-row", name=name, value=f"{estimate.value:.2f}", **ends))
    ax.axvline(0.5, color="gray", ls=":")
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set_ylim(len(rows) - 0.5, -0.7)
    ax.set_xlabel(label("lab04-auc"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return describe(ax, " ".join(said))
