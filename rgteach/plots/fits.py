"""A logistic curve and what it is fitted to: patients, shares, likelihoods, and the hill that is climbed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.patheffects import withStroke

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

GROUP_COLOURS = ("blue", "vermilion")  # patients without the mutation, patients with it
LINE_COLOURS = ("black", "green", "purple", "orange")
FEW = 100  # patients; below this the points are large
LOST = (200, 60, 40, 25, 15, 8, 4, 2, 0)  # contours below the top of the log-likelihood
RIM = [withStroke(linewidth=4, foreground="black")]  # a way is seen on every part of a map
Curve = tuple[float, float]  # intercept and slope


@style()
def patients(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[bool],
    *,
    curves: Mapping[str, Curve] | None = None,
    band: tuple[Sequence[float], Sequence[float], Sequence[float]] | None = None,
    feature: str = "",
    names: tuple[str, str] | None = None,
    doublings: bool = False,
) -> Axes:
    """Draw every patient below (no mutation) or above (mutation), and fitted probabilities between them.

    Parameters
    ----------
    ax : Axes
    x : sequence of float
    y : sequence of bool
        Who carries the mutation.
    curves : mapping of name to (intercept, slope), optional
    band : three sequences (x, low, high), optional
        An interval of the probability.
    feature : str
        What x is, for the axis.
    names : two str, optional
        The groups, the one without the mutation first.
    doublings : bool
        Whether x is a base-2 logarithm; the axis then shows the values themselves.

    Returns
    -------
    ax : Axes
    """
    x, y = np.asarray(x, float), np.asarray(y, bool)
    names = names or (label("lab05-wild"), label("lab05-mutant"))
    said = [_rug(ax, x[y == bool(k)], k, name) for k, name in enumerate(names)]
    along = np.linspace(x.min(), x.max(), 200)
    if band is not None:
        ax.fill_between(*band, color="lightgray", lw=0)
    for k, (name, curve) in enumerate((curves or {}).items()):
        p = logistic_curve(along, curve)
        ax.plot(along, p, LINE_STYLES[k], color=COLOURS[LINE_COLOURS[k]], lw=3, label=name)
        said.append(say("alt-lab05-curve", name=name, first=f"{p[0]:.2g}", last=f"{p[-1]:.2g}"))
    if curves:
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        ax.set_ylabel(label("lab05-probability", name=names[1]))
    ax.set_ylim(-0.2, 1.2)
    ax.set_yticks([0, 0.5, 1] if curves else [])
    feature_axis(ax, feature, doublings=doublings)
    return describe(ax, f"{feature}: " + " ".join(said))


def _rug(ax: Axes, mine: np.ndarray, k: int, name: str) -> str:
    """Patients of one group as points beyond the probabilities 0 or 1."""
    few = len(mine) < FEW
    beside = (-0.09, 1.09)[k] + 0.05 * (((np.arange(len(mine)) * 0.618034) % 1) * 2 - 1)
    look = {"alpha": 0.75 if few else 0.5, "ms": 8 if few else 5, "mew": 0}
    ax.plot(mine, beside, MARKERS[k], color=COLOURS[GROUP_COLOURS[k]], **look)
    name_group(ax, name, k)
    if not len(mine):
        return say("alt-lab05-nobody", name=name)
    low, high, middle = (f"{v:.3g}" for v in (mine.min(), mine.max(), np.median(mine)))
    return say("alt-lab05-group", name=name, n=len(mine), low=low, high=high, median=middle)


def name_group(ax: Axes, name: str, k: int) -> None:
    """The name of a group at the right edge, below (0) or above (1)."""
    beside = {"xycoords": "axes fraction", "rotation": -90, "annotation_clip": False}
    ax.annotate(name, (1.01, (0.03, 0.97)[k]), va=("bottom", "top")[k], **beside)


def logistic_curve(x: np.ndarray, curve: Curve) -> np.ndarray:
    """Probabilities of a curve (intercept, slope)."""
    from scipy.special import expit

    return expit(curve[0] + curve[1] * np.asarray(x, float))


def feature_axis(ax: Axes, feature: str, *, doublings: bool = False) -> None:
    """Name the axis of a feature; a base-2 logarithm shows the values that it stands for."""
    ax.set_xlabel(label("lab05-doublings", feature=feature) if doublings else feature)
    if doublings:
        low, high = ax.get_xlim()
        powers = range(int(np.ceil(low)), int(np.floor(high)) + 1)
        ax.set_xticks(powers, [f"1/{2**-k}" if k < 0 else f"{2**k}" for k in powers])


@style()
def shares(
    ax: Axes,
    x: Sequence[float],
    events: Sequence[int],
    n: Sequence[int],
    *,
    line: Curve,
    log_odds: bool = False,
    feature: str = "",
    doublings: bool = False,
) -> Axes:
    """Draw the share of mutants in groups of patients, or its log odds, with a straight line.

    Parameters
    ----------
    ax : Axes
    x : sequence of float
        Where each group lies; one with neither 0 nor all events.
    events, n : sequence of int
        Mutants and patients of each group; whiskers are Wilson's 95 % intervals.
    line : (intercept, slope)
        Of a straight line on this scale; where it leaves 0 to 1 it is dashed.
    log_odds : bool
    feature, doublings
        As in `patients`.

    Returns
    -------
    ax : Axes
    """
    share, ends = np.asarray(events) / np.asarray(n), _wilson(np.asarray(events), np.asarray(n))
    values, low, high = (_logit(v) if log_odds else v for v in (share, *ends))
    ax.errorbar(x, values, [values - low, high - values], fmt="o", color=COLOURS["blue"], capsize=4)
    along = np.linspace(min(x) - 1.5, max(x) + 1.5, 200)
    straight = line[0] + line[1] * along
    possible = np.full(200, True) if log_odds else (straight >= 0) & (straight <= 1)
    for mask, look in ((possible, "-"), (~possible, "--")):
        colour = COLOURS["black" if look == "-" else "vermilion"]
        ax.plot(along, np.where(mask, straight, np.nan), look, color=colour)
    if not log_odds:
        ax.axhspan(-0.4, 0, color="lightgray", alpha=0.6, lw=0)
        ax.axhspan(1, 1.4, color="lightgray", alpha=0.6, lw=0)
        ax.set_ylim(-0.3, 1.2)
    ax.set_ylabel(label("lab05-log-odds" if log_odds else "lab05-share"))
    feature_axis(ax, feature, doublings=doublings)
    told = ", ".join(f"({a:.2f}, {v:.2f})" for a, v in zip(x, values, strict=True))
    ends = {"first": f"{straight[0]:.2g}", "last": f"{straight[-1]:.2g}"}
    return describe(ax, say("alt-lab05-shares", y=ax.get_ylabel(), points=told, **ends))


def _wilson(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    z, share = 1.96, events / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def _logit(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


@style()
def sticks(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[bool],
    curve: Curve,
    *,
    feature: str = "",
    doublings: bool = False,
) -> Axes:
    """Draw a curve, and at each patient the probability that it gave to what really happened.

    Parameters
    ----------
    ax : Axes
    x, y : sequences
        A dozen patients at most.
    curve : (intercept, slope)
    feature, doublings
        As in `patients`.

    Returns
    -------
    ax : Axes
    """
    x, y = np.asarray(x, float), np.asarray(y, bool)
    p = logistic_curve(x, curve)
    along = np.linspace(x.min() - 0.7, x.max() + 0.7, 200)
    ax.plot(along, logistic_curve(along, curve), color="black")
    for k, name in enumerate((label("lab05-wild"), label("lab05-mutant"))):
        mine = y == bool(k)
        colour = COLOURS[GROUP_COLOURS[k]]
        ax.vlines(x[mine], 1 - k, p[mine], color=colour, lw=6, alpha=0.6, ls=("-", (0, (1.2, 0.5)))[k])
        ax.plot(x[mine], np.full(mine.sum(), float(k)), MARKERS[k], color=colour, ms=12, label=name)
    for place, chance, seen in zip(x, p, y, strict=True):
        likely = chance if seen else 1 - chance
        side = {"ha": "left", "va": "center", "xytext": (8, 0), "textcoords": "offset points"}
        ax.annotate(f"{likely:.2f}", (place, (chance + (0 if seen else 1)) / 2), **side)
    ax.set_ylim(-0.08, 1.08)
    ax.set_ylabel(label("lab05-probability", name=label("lab05-mutant")))
    feature_axis(ax, feature, doublings=doublings)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    likely = np.where(y, p, 1 - p)
    told = ", ".join(f"{v:.2f}" for v in likely)
    return describe(ax, say("alt-lab05-sticks", n=len(x), told=told, product=f"{likely.prod():.3g}"))


@style()
def hill(
    ax: Axes, x: Sequence[float], y: Sequence[bool], paths: Mapping[str, Sequence[Curve]], *, top: Curve
) -> Axes:
    """Draw the log-likelihood as a map over intercept and slope, with the ways that lead up.

    Parameters
    ----------
    ax : Axes
    x, y : sequences
    paths : mapping of name to sequence of (intercept, slope)
    top : (intercept, slope)
        Where the likelihood is largest.

    Returns
    -------
    ax : Axes
    """
    x, y = np.asarray(x, float), np.asarray(y, bool)
    places = np.concatenate([np.asarray(path, float) for path in paths.values()])
    low, high = np.minimum(places.min(0), top) - 0.35, np.maximum(places.max(0), top) + 0.35
    a, b = np.meshgrid(np.linspace(low[0], high[0], 70), np.linspace(low[1], high[1], 70))
    height = _loglik(x, y, a, b)
    lost = _loglik(x, y, *map(np.asarray, top)) - height
    levels = -np.array(LOST)
    ax.contourf(a, b, -lost, levels=levels, norm=BoundaryNorm(levels, 256), cmap="cividis")
    said = []
    for k, (name, path) in enumerate(paths.items()):
        path = np.asarray(path, float)
        look = {"marker": MARKERS[k], "ls": LINE_STYLES[k], "color": ("white", COLOURS["orange"])[k % 2]}
        ax.plot(*path.T, label=name, mec="black", path_effects=RIM, **look)
        end = f"({path[-1, 0]:.2f}, {path[-1, 1]:.2f})"
        said.append(say("alt-lab05-path", name=name, n=len(path) - 1, end=end))
    ax.plot(*top, "*", color=COLOURS["vermilion"], ms=20, mec="white", label=label("lab05-top"), ls="")
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set_xlabel(label("lab05-intercept"))
    ax.set_ylabel(label("lab05-slope"))
    legend = ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    legend.set(frame_on=True)
    legend.get_frame().set(facecolor="lightgray", edgecolor="none")
    return describe(ax, say("alt-lab05-hill", a=f"{top[0]:.2f}", b=f"{top[1]:.2f}") + " " + " ".join(said))


def _loglik(x: np.ndarray, y: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Log-likelihood for every pair of intercept and slope."""
    eta = a[..., None] + b[..., None] * x
    return -np.logaddexp(0, np.where(y, -eta, eta)).sum(-1)
